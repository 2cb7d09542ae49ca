package import SidetoneCodecs
package import SidetoneModel
package import SidetonePlatforms

/// What a platform says of one call: the messages of a stream, made from the audio of both sides.
///
/// Both tracks are cut into packets of `packetMs`; the packets of one moment follow each other on one socket, inbound
/// first, with the timestamps and counters of the dialect. A shorter track ends earlier.
package final class EmulatedCall: MessageSource {
    /// The audio of both sides, by `TrackRole.index`; nil for a track that is not streamed.
    private let audio: [[Int16]?]
    private let start: StreamStart
    private let packetSamples: Int
    private var dialect: any Dialect
    /// Of each track, by `TrackRole.index`: some remember what they encoded.
    private var codecs: [any AudioCodec]
    private var stage = Stage.connected
    private var position = 0
    private var turn = 0
    private var chunks: [Int64] = [0, 0]

    private enum Stage { case connected, start, media, stop, over }

    /// Packets that will be sent.
    package let packets: Int
    /// Seconds from the first to past the last sample.
    package let seconds: Double

    /// - Parameters:
    ///   - inbound: the samples of what the caller says; nil when that track is not streamed.
    ///   - outbound: the samples of what the caller hears; nil when that track is not streamed.
    ///   - packetMs: the length of a packet in milliseconds, 1…1000.
    package init(
        platform: any Dialect.Type, start: StreamStart, inbound: [Int16]?, outbound: [Int16]?, packetMs: Int = 20
    ) throws(CodecError) {
        precondition((1...1_000).contains(packetMs), "a packet is 1…1000 ms long")
        audio = [inbound, outbound]
        self.start = start
        dialect = platform.init()
        codecs = [try CodecCatalog.codec(for: start.format), try CodecCatalog.codec(for: start.format)]
        try type(of: codecs[0]).check(packetMs: packetMs)
        packetSamples = start.format.sampleRate * packetMs / 1_000
        let size = packetSamples
        packets = audio.reduce(0) { $0 + (($1?.count ?? 0) + size - 1) / size }
        seconds = Double(audio.map { $0?.count ?? 0 }.max() ?? 0) / Double(start.format.sampleRate)
    }

    package func next() throws -> NextMessage { try nextMessage().map { .message($0) } ?? .over }

    /// The next message; nil after the last one.
    package func nextMessage() throws(DialectError) -> TimedMessage? {
        switch stage {
        case .connected:
            stage = .start
            return TimedMessage(due: 0, message: try dialect.write(.connected))
        case .start:
            stage = .media
            return TimedMessage(due: 0, message: try dialect.write(.start(start)))
        case .media:
            if let packet = nextPacket() {
                // A packet is on its way once its last sample was heard.
                let due = Double(position + packetSamples) / Double(start.format.sampleRate)
                return TimedMessage(due: due, message: try dialect.write(.media(packet)))
            }
            stage = .stop
            return try nextMessage()
        case .stop:
            stage = .over
            return TimedMessage(due: seconds, message: try dialect.write(.stop), isLast: true)
        case .over: return nil
        }
    }

    private func nextPacket() -> MediaPacket? {
        while true {
            guard turn < 2 else {
                turn = 0
                position += packetSamples
                continue
            }
            guard audio.contains(where: { position < $0?.count ?? 0 }) else { return nil }
            let role: TrackRole = turn == 0 ? .inbound : .outbound
            turn += 1
            guard let samples = audio[role.index], position < samples.count else { continue }
            chunks[role.index] += 1
            var payload: [UInt8] = []
            codecs[role.index].encode(samples[position..<min(samples.count, position + packetSamples)], into: &payload)
            return MediaPacket(
                track: role, sequence: nil, chunk: chunks[role.index],
                timestampMs: Int64(position) * 1_000 / Int64(start.format.sampleRate), payload: payload)
        }
    }
}
