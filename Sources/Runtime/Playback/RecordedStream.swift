package import SidetoneModel
package import SidetonePlatforms

/// The messages of a stream from recordings: `StreamWriter` over the audio of both tracks. It needs neither a task nor
/// a clock, so that one process can play many. A shorter track ends earlier.
package struct RecordedStream: MessageSource {
    /// The audio of both sides, by `TrackRole.index`; nil for a track that is not streamed.
    private let audio: [[Int16]?]
    private let packetSamples: Int
    private let length: Int
    private var writer: StreamWriter
    private var stage = Stage.opening
    private var position = 0
    /// Messages of the same time, the next one last.
    private var waiting: [TimedMessage] = []

    private enum Stage { case opening, media, over }

    /// - Parameters:
    /// - inbound: the samples of the inbound track; nil if it is not streamed.
    /// - outbound: the samples of the outbound track; nil if it is not streamed.
    /// - packetMs: the packet duration in milliseconds, 1…1000.
    package init(
        platform: any Dialect.Type, start: StreamStart, inbound: [Int16]?, outbound: [Int16]?, packetMs: Int = 20
    ) throws {
        precondition((1...1_000).contains(packetMs), "a packet is 1…1000 ms long")
        audio = [inbound, outbound]
        length = max(inbound?.count ?? 0, outbound?.count ?? 0)
        packetSamples = start.format.sampleRate * packetMs / 1_000
        writer = try StreamWriter(
            platform: platform, start: start, packetMs: packetMs, callRate: start.format.sampleRate)
    }

    package mutating func next() throws -> NextMessage {
        while waiting.isEmpty {
            switch stage {
            case .opening:
                waiting = try writer.opening().reversed()
                stage = .media
            case .media where position < length:
                let (first, count) = (position, min(packetSamples, length - position))
                position += count
                let audio = audio
                waiting = try writer.append(count) { role in
                    guard let samples = audio[role.index], first < samples.count else { return [] }
                    return samples[first..<min(samples.count, first + count)]
                }.reversed()
            case .media:
                waiting = try writer.ending().reversed()
                stage = .over
            case .over: return .over
            }
        }
        return waiting.popLast().map { .message($0) } ?? .over
    }
}
