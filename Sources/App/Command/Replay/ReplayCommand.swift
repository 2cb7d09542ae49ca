package import SidetoneCallControl
import SidetoneConfiguration
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
package import SidetonePlayback
import SidetoneService
package import SidetoneWebSocket

/// Replays a captured stream, message by message.
package struct ReplayCommand: Sendable {
    private let path: String
    private let url: WebSocketURL
    private let pace: Pace
    private let bearer: Secret?
    private let trust: TLS.Trust

    /// - Throws: when the URL, the pace or the capture is invalid.
    package init(capture: String, url: String, pace: String, bearer: Secret?, trust: TLS.Trust) throws {
        guard let pace = Pace(pace) else {
            throw Diagnostics(
                Diagnostic(
                    file: "replay", line: 1, path: "--pace",
                    wrong: "is \"\(pace)\"; expected max, or a number above 0 such as 1"))
        }
        self.pace = pace
        self.url = try WebSocketURL(url)
        self.bearer = bearer
        path = capture
        self.trust = trust
        _ = try CaptureReader(path: capture)
    }

    package typealias Report = PlaybackResult

    package func run() async throws -> Report {
        let headers = bearer.map { [("Authorization", "Bearer \($0.value)")] } ?? []
        return try await EventLoops.with(threads: 1) { loops in
            let client = try WebSocketClient(group: loops, trust: trust)
            return await MessagePlayer(client: client, url: url, headers: headers, pace: pace).play {
                CapturedMessages(reader: try CaptureReader(path: path))
            }
        }
    }
}

/// The messages of a capture at their times, then the end of its stream as far as a sender can reproduce it.
private struct CapturedMessages: MessageSource {
    let reader: CaptureReader

    func next() throws -> NextMessage {
        try reader.next().map { .message(TimedMessage(due: $0.arrival, message: $0.message)) } ?? .over
    }

    /// After `stop` and a violation, the receiver ended the stream itself. A sender that stopped answering pings cannot
    /// be reproduced by one that answers them: its connection is cut when the receiver timed it out.
    var end: ConnectionEnd {
        guard let end = reader.end else { return .receiver }
        return switch end.reason {
        case .stop, .violation: .receiver
        case .closed, .shutdown, .restarted: .closed(at: end.at)
        case .reset, .timeout: .cut(at: end.at)
        }
    }
}
