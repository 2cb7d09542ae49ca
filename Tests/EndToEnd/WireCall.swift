import SidetoneCodecs
import SidetoneEmulator
import SidetoneFiles
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import SidetoneService
import SidetoneWebSocket

/// The messages of a call, to be disturbed and sent by hand.
struct WireCall {
    static let callID = "CA00000000000000000000000000000077"
    static let streamID = "MZ00000000000000000000000000000077"
    static let folder = "\(callID)/\(streamID)"

    var messages: [TimedMessage] = []

    /// The overtalk sample, or its first `seconds`.
    init(
        callID: String = callID, streamID: String = streamID, packetMs: Int = 20, seconds: Double = 60
    ) throws {
        var tracks: [[Int16]] = []
        for name in ["overtalk-inbound.wav", "overtalk-outbound.wav"] {
            let reader = try AudioFileReader(path: Project.sample(name))
            var samples: [[Int16]] = []
            _ = try reader.read(Int(min(Double(reader.frames), seconds * 8_000)), into: &samples)
            tracks.append(samples[0])
        }
        var call = try RecordedStream(
            platform: Twilio.self,
            start: StreamStart(
                streamID: streamID, callID: callID, tracks: [.inbound, .outbound],
                format: MediaFormat(encoding: .pcmu, sampleRate: 8_000)),
            inbound: tracks[0], outbound: tracks[1], packetMs: packetMs)
        while case .message(let message) = try call.next() { messages.append(message) }
    }

    /// Where the media messages lie.
    var media: Range<Int> { 2..<messages.count - 1 }

    /// Sends the messages; afterwards the socket is closed, or cut.
    func send(to server: LiveServer) async throws -> PlaybackResult { try await send(to: server.url, ca: server.ca) }

    func send(to url: String, ca: String? = nil, pace: Pace = .max) async throws -> PlaybackResult {
        let messages = messages
        return try await EventLoops.with(threads: 1) { loops in
            let client = try WebSocketClient(group: loops, trust: ca.map { .file($0) } ?? .system)
            let player = MessagePlayer(client: client, url: try WebSocketURL(url), headers: [], pace: pace)
            return await player.play { Messages(rest: messages[...]) }
        }
    }
}

/// Messages that are there already.
private struct Messages: MessageSource {
    var rest: ArraySlice<TimedMessage>

    mutating func next() -> NextMessage { rest.popFirst().map { .message($0) } ?? .over }
}
