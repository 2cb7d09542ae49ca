import SidetoneModel
import SidetonePlatforms
import Testing

@Suite struct ChannelSplitterTests {
    /// Two channels of 16 bits: left counts up from 0, right down from 255.
    private let stereo: [UInt8] = (0..<40).flatMap { [UInt8($0), 0, UInt8(255 - $0), 0] }

    private func split(_ pieces: [[UInt8]], channels: Int = 2, sampleBytes: Int = 2) -> [[UInt8]] {
        var splitter = ChannelSplitter(channels: channels, sampleBytes: sampleBytes)
        var read = [[UInt8]](repeating: [], count: channels)
        for piece in pieces { splitter.split(piece) { read[$0] += $1 } }
        return read
    }

    @Test func `each channel gets its samples`() {
        let read = split([stereo])
        #expect(read[0] == (0..<40).flatMap { [UInt8($0), 0] })
        #expect(read[1] == (0..<40).flatMap { [UInt8(255 - $0), 0] })
    }

    @Test(arguments: 1...13)
    func `messages may be cut anywhere`(length: Int) {
        let pieces = stride(from: 0, to: stereo.count, by: length).map {
            Array(stereo[$0..<min(stereo.count, $0 + length)])
        }
        #expect(split(pieces) == split([stereo]))
    }

    @Test func `one channel and bytes pass as they are`() {
        #expect(split([[1, 2, 3], [4]], channels: 1, sampleBytes: 1) == [[1, 2, 3, 4]])
        #expect(split([[], [1], []], channels: 1) == [[]])
    }

    @Test func `a stereo dialect becomes two tracks`() throws {
        var dialect = StereoDialect()
        var tracks: [TrackRole: [UInt8]] = [:]
        for piece in [stereo[..<7], stereo[7..<30], stereo[30...]] {
            for case .media(let packet) in try dialect.events(in: WireMessage(kind: .binary, bytes: Array(piece))) {
                tracks[packet.track, default: []] += packet.payload
            }
        }
        #expect(tracks == [.inbound: split([stereo])[0], .outbound: split([stereo])[1]])
    }
}

/// A dialect whose messages are both tracks, sample by sample.
private struct StereoDialect: Dialect {
    static let name = "stereo"
    static let summary = "for tests"
    static let profile = DialectProfile(
        audio: .binary, channels: .interleaved([.inbound, .outbound]), formats: nil, carries: [], end: .close)
    static func recognizes(_ opening: Opening) -> Recognition { .no }

    private var splitter = ChannelSplitter(channels: 2, sampleBytes: 2)
    init(opening: Opening, settings: DialectSettings) {}

    mutating func read(
        _ message: WireMessage, arrival: Duration, emit: (StreamEvent) -> Void
    ) throws(DialectError) {
        splitter.split(message.bytes) { channel, payload in
            emit(
                .media(
                    MediaPacket(
                        track: Self.profile.channels.tracks[channel], sequence: nil, chunk: nil, timestampMs: nil,
                        payload: payload)))
        }
    }

    mutating func write(_ event: StreamEvent, emit: (WireMessage) -> Void) throws(DialectError) {}
}
