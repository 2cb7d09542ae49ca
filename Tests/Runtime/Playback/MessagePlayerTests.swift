import NIOCore
import NIOPosix
import SidetoneModel
import SidetonePlayback
import SidetoneWebSocket
import Testing

@testable import SidetonePlayback

@Suite(.timeLimit(.minutes(1))) struct MessagePlayerTests {
    /// Closes at the message `stop`; with code 0, cuts the connection.
    private final class Closer: WebSocketReceiver {
        private let code: Int
        private var connection: WebSocketConnection?

        init(code: Int) { self.code = code }

        func opened(_ connection: WebSocketConnection) { self.connection = connection }

        func received(_ message: WireMessage, readAt: NIODeadline) {
            guard message == .text("stop") else { return }
            if code == 0 { connection?.abort() } else { connection?.close(code: code, reason: "heard enough") }
        }

        func ended(_ end: WebSocketEnd) {}
    }

    private func play(
        pace: Pace = .max, closing code: Int = 1_000, _ makeSource: @escaping @Sendable () -> any MessageSource
    ) async throws -> PlaybackResult {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await WebSocketServer.listen(
            host: "127.0.0.1", port: 0, tls: nil, limits: WebSocketLimits(), group: group
        ) { _ in .accept { Closer(code: code) } }
        let player = MessagePlayer(
            client: try WebSocketClient(group: group, trust: .system),
            url: try WebSocketURL("ws://127.0.0.1:\(server.port)/"), headers: [], pace: pace)
        let report = await player.play(makeSource)
        await server.stop()
        return report
    }

    /// Messages that come out of a feed that nobody ends.
    private func feed(_ messages: [TimedMessage]) -> MessageFeed {
        let feed = MessageFeed()
        feed.add(messages)
        return feed
    }

    @Test func `a close after the last message is the end, before the feed says that it is over`() async throws {
        let feed = feed([
            TimedMessage(due: 0, message: .text("media")), TimedMessage(due: 0, message: .text("stop"), isLast: true),
        ])
        let report = try await play { feed }
        #expect(report.failure == nil)
        #expect(report.messages == 2)
        #expect(report.end == .closed(code: 1_000, reason: "heard enough"))
    }

    /// RFC 6455 §7.4.1; 0: the connection is cut.
    @Test(arguments: [1_000, 1_001, 0])
    func `a normal close after the last message, and a cut, are success`(code: Int) async throws {
        let feed = feed([TimedMessage(due: 0, message: .text("stop"), isLast: true)])
        #expect(try await play(closing: code) { feed }.failure == nil)
    }

    @Test(arguments: [1_002, 1_003, 1_007, 1_008, 1_009, 1_011, 1_013, 3_000, 4_001])
    func `any other close after the last message is reported with its code and reason`(code: Int) async throws {
        let feed = feed([TimedMessage(due: 0, message: .text("stop"), isLast: true)])
        let report = try await play(closing: code) { feed }
        #expect(report.failure == "the receiver refused the stream at its end (close code \(code): heard enough)")
    }

    @Test func `a close before the last message fails the stream, with its code and reason`() async throws {
        let feed = feed([
            TimedMessage(due: 0, message: .text("stop")), TimedMessage(due: 3_600, message: .text("media")),
        ])
        let report = try await play(pace: .times(1)) { feed }
        #expect(
            report.failure == "the receiver closed the stream before its end (close code 1000: heard enough)")
    }

    @Test(arguments: [-1e300, -1, 0, .nan])
    func `a message whose time is long past leaves at once`(due: Double) async throws {
        let feed = feed([TimedMessage(due: due, message: .text("stop"), isLast: true)])
        #expect(try await play(pace: .times(1e-300)) { feed }.failure == nil)
    }

    @Test(arguments: [1e300, .infinity, 1e18])
    func `a message whose time never comes waits, and nothing overflows`(due: Double) async throws {
        let feed = feed([TimedMessage(due: 0, message: .text("stop")), TimedMessage(due: due, message: .text("late"))])
        let report = try await play(pace: .times(0.001)) { feed }
        #expect(report.messages == 1)
    }
}
