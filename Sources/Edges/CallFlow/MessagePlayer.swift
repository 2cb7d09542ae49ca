import NIOCore
import SidetoneModel
public import SidetonePipeline
public import SidetoneWebSocket

/// What became of one stream that was played.
public struct PlayReport: Sendable {
    /// Messages handed to the network.
    public var messages = 0
    public var bytes = 0
    /// How late messages left; only when paced.
    public var lateness = LatencyHistogram()
    /// What went wrong, if anything.
    public var failure: String?
}

/// Sends the messages of one stream at their times over a socket of its own.
public struct MessagePlayer: Sendable {
    private let client: WebSocketClient
    private let url: WebSocketURL
    private let headers: [(String, String)]
    private let pace: Pace

    /// - Parameter headers: sent with the upgrade request, such as a bearer token.
    public init(client: WebSocketClient, url: WebSocketURL, headers: [(String, String)], pace: Pace) {
        self.client = client
        self.url = url
        self.headers = headers
        self.pace = pace
    }

    /// Connects, plays, says good-bye.
    ///
    /// - Parameter makeNext: gives the source of messages; it is used on one event loop.
    public func play(
        _ makeNext: @escaping @Sendable () throws -> (() throws -> TimedMessage?)
    ) async -> PlayReport {
        let pace = pace
        let (stream, continuation) = AsyncStream.makeStream(of: PlayReport.self, bufferingPolicy: .bufferingNewest(1))
        do {
            _ = try await client.connect(to: url, headers: headers) {
                Playback(makeNext: makeNext, pace: pace) { continuation.yield($0) }
            }
        } catch {
            return PlayReport(failure: "\(error)")
        }
        for await report in stream { return report }
        return PlayReport(failure: "the playback was cancelled")
    }
}

/// The sender on its event loop.
private final class Playback: WebSocketReceiver {
    /// Messages that may leave between two looks at whether the peer keeps up.
    private static let burst = 200

    private let makeNext: @Sendable () throws -> (() throws -> TimedMessage?)
    private let pace: Pace
    private let done: @Sendable (PlayReport) -> Void

    private var next: (() throws -> TimedMessage?)?
    private var connection: WebSocketConnection?
    private var report = PlayReport()
    private var startedAt = NIODeadline.now()
    private var waiting: TimedMessage?
    private var isFinished = false
    private var isOver = false

    init(
        makeNext: @escaping @Sendable () throws -> (() throws -> TimedMessage?), pace: Pace,
        done: @escaping @Sendable (PlayReport) -> Void
    ) {
        self.makeNext = makeNext
        self.pace = pace
        self.done = done
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        startedAt = .now()
        do {
            next = try makeNext()
            advance()
        } catch { fail("\(error)") }
    }

    func received(_ message: WireMessage, readAt: NIODeadline) {}

    func ended(_ end: WebSocketEnd) {
        guard !isOver else { return }
        isOver = true
        if !isFinished, report.failure == nil { report.failure = "the receiver ended the stream early (\(end))" }
        done(report)
    }

    private func fail(_ reason: String) {
        report.failure = reason
        connection?.close(code: 1_011)
    }

    /// Sends what is due, and comes back when the next message is.
    private func advance() {
        guard !isOver, !isFinished, report.failure == nil, let connection else { return }
        do {
            var sent = 0
            while let message = try waiting ?? next?() {
                waiting = message
                if let wait = wait(for: message) {
                    connection.flush()
                    return again(in: wait)
                }
                // Real time is not slowed by a slow peer: that is what a platform does.
                guard pace != .max || (connection.isWritable && sent < Self.burst) else {
                    connection.flush()
                    return again(in: connection.isWritable ? .zero : .milliseconds(1))
                }
                connection.queue(message.message)
                waiting = nil
                sent += 1
                report.messages += 1
                report.bytes += message.message.bytes.count
            }
            connection.flush()
            isFinished = true
            // The receiver closes after `stop`; one that does not is closed on.
            again(in: .milliseconds(500)) { $0.connection?.close() }
        } catch { fail("\(error)") }
    }

    /// How long the message must wait; nil when it is due.
    private func wait(for message: TimedMessage) -> TimeAmount? {
        guard case .times(let speed) = pace else { return nil }
        let due = startedAt + .nanoseconds(Int64(message.due / speed * 1e9))
        let left = due - .now()
        guard left <= .zero else { return left }
        report.lateness.record(nanoseconds: -left.nanoseconds)
        return nil
    }

    private func again(in delay: TimeAmount, _ action: @escaping (Playback) -> Void = { $0.advance() }) {
        connection?.eventLoop.assumeIsolated().scheduleTask(in: delay) { action(self) }
    }
}
