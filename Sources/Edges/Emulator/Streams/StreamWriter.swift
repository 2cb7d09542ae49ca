import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms

/// What a platform says on one socket: the messages of a stream, made from what a call hears while the stream runs.
///
/// Packets of one moment follow each other, inbound first. Times and timestamps count from the stream's own start.
struct StreamWriter {
    private struct Track {
        var role: TrackRole
        var codec: any AudioCodec
        var resampler: Resampler?
        /// Samples that fill no packet yet.
        var rest: [Int16] = []
        var sent: Int64 = 0
        var chunks: Int64 = 0
    }

    private let platform: any Dialect.Type
    private let start: StreamStart
    private let packetSamples: Int
    private var dialect: any Dialect
    private var tracks: [Track]
    private var heard: Int64 = 0
    private let callRate: Int

    /// - Parameters:
    ///   - callRate: samples per second of what it will be given.
    init(platform: any Dialect.Type, start: StreamStart, packetMs: Int, callRate: Int) throws(CodecError) {
        self.platform = platform
        self.start = start
        self.callRate = callRate
        packetSamples = start.format.sampleRate * packetMs / 1_000
        dialect = platform.init()
        var tracks: [Track] = []
        for role in start.tracks {
            tracks.append(
                Track(
                    role: role, codec: try CodecCatalog.codec(for: start.format),
                    resampler: callRate == start.format.sampleRate
                        ? nil : Resampler(from: callRate, to: start.format.sampleRate)))
        }
        self.tracks = tracks
    }

    /// Seconds of the stream so far.
    private var seconds: Double { Double(heard) / Double(callRate) }

    /// Before any media.
    mutating func opening() throws -> [TimedMessage] {
        [
            TimedMessage(due: 0, message: try dialect.write(.connected)),
            TimedMessage(due: 0, message: try dialect.write(.start(start))),
        ]
    }

    /// What the call heard next.
    mutating func append(_ block: MediaBlock) throws -> [TimedMessage] {
        heard += Int64(block.count)
        for index in tracks.indices {
            let samples = block[tracks[index].role]
            tracks[index].rest += tracks[index].resampler?.process(samples) ?? samples
        }
        return try packets(of: packetSamples)
    }

    /// A key was pressed. Platforms say it in their own ways: SignalWire how long it was held, the others on which track.
    mutating func digit(_ key: Character, heldMs: Int) throws -> TimedMessage {
        let digit =
            platform == SignalWire.self
            ? WireDigit(digit: key, durationMs: heldMs) : WireDigit(digit: key, track: .inbound)
        return TimedMessage(due: seconds, message: try dialect.write(.dtmf(digit)))
    }

    /// The stream is over: what fills no whole packet, and the good-bye.
    mutating func ending() throws -> [TimedMessage] {
        for index in tracks.indices { tracks[index].rest += tracks[index].resampler?.finish() ?? [] }
        return try packets(of: packetSamples) + packets(of: 1)
            + [TimedMessage(due: seconds, message: try dialect.write(.stop), isLast: true)]
    }

    /// - Parameter least: how many samples make a packet.
    private mutating func packets(of least: Int) throws -> [TimedMessage] {
        var messages: [TimedMessage] = []
        while tracks.contains(where: { $0.rest.count >= least }) {
            for index in tracks.indices where tracks[index].rest.count >= least {
                messages.append(
                    TimedMessage(due: seconds, message: try dialect.write(.media(packet(index)))))
            }
        }
        return messages
    }

    private mutating func packet(_ index: Int) -> MediaPacket {
        let count = min(packetSamples, tracks[index].rest.count)
        var payload: [UInt8] = []
        tracks[index].codec.encode(tracks[index].rest[..<count], into: &payload)
        tracks[index].rest.removeFirst(count)
        tracks[index].chunks += 1
        let timestampMs = tracks[index].sent * 1_000 / Int64(start.format.sampleRate)
        tracks[index].sent += Int64(count)
        return MediaPacket(
            track: tracks[index].role, sequence: nil, chunk: tracks[index].chunks, timestampMs: timestampMs,
            payload: payload)
    }
}
