package import NIOCore
package import SidetoneCallControl
import SidetoneModel
package import SidetonePipeline
package import SidetoneWebSocket

/// The result of one played stream.
package struct PlaybackResult: Sendable {
    /// Messages sent.
    package var messages = 0
    package var bytes = 0
    /// Lateness of sent messages; only when paced.
    package var lateness = LatencyHistogram()
    /// How the socket ended; nil if it was never open, or still is.
    package var end: WebSocketEnd?
    /// The failure, if any.
    package var failure: String?
    /// Injected faults.
    package var faults = FaultCounts()

    package init(failure: String? = nil) { self.failure = failure }
}

/// Sends the messages of one stream at their times over its own socket.
package struct MessagePlayer: Sendable {
    private let client: WebSocketClient
    private let url: WebSocketURL
    private let addresses: [SocketAddress]
    private let headers: [(String, String)]
    private let pace: Pace
    private let startedAt: NIODeadline?

    /// - Parameters:
    /// - addresses: of a host that was checked; empty to resolve its name when connecting.
    ///   - headers: sent with the upgrade request, such as a bearer token.
    /// - startedAt: the origin of the messages' times; nil for the opening of the socket.
    package init(
        client: WebSocketClient, url: WebSocketURL, addresses: [SocketAddress] = [], headers: [(String, String)],
        pace: Pace, startedAt: NIODeadline? = nil
    ) {
        self.client = client
        self.url = url
        self.addresses = addresses
        self.headers = headers
        self.pace = pace
        self.startedAt = startedAt
    }

    /// Connects, sends all messages, and closes.
    ///
    /// - Parameters:
    /// - opened: called when the receiver accepts the upgrade.
    /// - makeSource: creates the source of messages, which is used on one event loop.
    package func play(
        opened: @escaping @Sendable () async -> Void = {},
        _ makeSource: @escaping @Sendable () throws -> any MessageSource
    ) async -> PlaybackResult {
        let (pace, startedAt) = (pace, startedAt)
        let (stream, continuation) = AsyncStream.makeStream(
            of: PlaybackResult.self, bufferingPolicy: .bufferingNewest(1))
        do {
            _ = try await client.connect(to: url, at: addresses, headers: headers) {
                Playback(makeSource: makeSource, pace: pace, startedAt: startedAt) { continuation.yield($0) }
            }
        } catch {
            return PlaybackResult(failure: "\(error)")
        }
        await opened()
        for await report in stream { return report }
        return PlaybackResult(failure: "the playback was cancelled")
    }
}

/// The sender on its event loop.
private final class Playback: WebSocketReceiver {
    /// Maximum messages sent between checks whether the peer keeps up.
    private static let burst = 200
    /// Maximum time for which a receiver may accept nothing.
    private static let patience = TimeAmount.seconds(30)

    private let makeSource: @Sendable () throws -> any MessageSource
    private let pace: Pace
    private let done: @Sendable (PlaybackResult) -> Void

    private var source: (any MessageSource)?
    private var connection: WebSocketConnection?
    private var report = PlaybackResult()
    private var startedAt: NIODeadline
    private let countsFromOpening: Bool
    private var waiting: TimedMessage?
    private var stuckSince: NIODeadline?
    private var isExhausted = false
    private var isFinished = false
    /// Whether the message that ends the stream was sent.
    private var hasSentLast = false
    private var isWaiting = false
    private var isOver = false

    init(
        makeSource: @escaping @Sendable () throws -> any MessageSource, pace: Pace, startedAt: NIODeadline?,
        done: @escaping @Sendable (PlaybackResult) -> Void
    ) {
        self.makeSource = makeSource
        self.startedAt = startedAt ?? .now()
        countsFromOpening = startedAt == nil
        self.pace = pace
        self.done = done
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        if countsFromOpening { startedAt = .now() }
        do {
            let source = try makeSource()
            self.source = source
            let this = NIOLoopBound(self, eventLoop: connection.eventLoop)
            source.onMessages { this.eventLoop.execute { this.value.advance() } }
            advance()
        } catch { fail("\(error)") }
    }

    func received(_ message: WireMessage, readAt: NIODeadline) {}

    func ended(_ end: WebSocketEnd) {
        guard !isOver else { return }
        isOver = true
        report.faults = source?.faults ?? FaultCounts()
        source?.abandon()
        report.end = end
        if report.failure == nil { report.failure = Self.failure(of: end, isComplete: isFinished || hasSentLast) }
        done(report)
    }

    /// Why the end of the connection is a failure of the stream; nil if it is not.
    ///
    /// - Parameter isComplete: whether the stream was sent to its end. Then a normal close (RFC 6455 §7.4.1: 1000,
    ///   1001, or no code) is success, and so is a lost connection: receivers need not close cleanly. Any other code
    ///   means that the receiver rejected the stream.
    private static func failure(of end: WebSocketEnd, isComplete: Bool) -> String? {
        switch end {
        case .closed(let code, _) where isComplete && [nil, 1_000, 1_001].contains(code): nil
        case .closed(let code, let reason):
            "the receiver \(isComplete ? "refused the stream at" : "closed the stream before") its end "
                + "(\(code.map { "close code \($0)" } ?? "no close code")\(reason.isEmpty ? "" : ": \(reason)"))"
        case .reset: isComplete ? nil : "the connection was lost before the end of the stream"
        case .local: isComplete ? nil : "the stream was closed before its end"
        case .timeout: "the receiver did not answer a ping"
        case .violation(let code): "the receiver violated RFC 6455 (close code \(code))"
        }
    }

    private func fail(_ reason: String) {
        report.failure = reason
        guard let connection else { return }
        // A receiver that reads nothing does not read a close frame either.
        if connection.isWritable { connection.close(code: 1_011) } else { connection.abort() }
    }

    /// - Throws: when the receiver has accepted nothing for too long.
    private func checkPatience(_ connection: WebSocketConnection) throws {
        guard !connection.isWritable else { return }
        let since = stuckSince ?? .now()
        stuckSince = since
        if .now() - since > Self.patience { throw Stuck() }
    }

    private struct Stuck: Error, CustomStringConvertible {
        var description: String {
            "the receiver accepted nothing for \(Playback.patience.nanoseconds / 1_000_000_000) s"
        }
    }

    /// Sends all due messages, and schedules itself for the next one.
    private func advance() {
        guard !isOver, !isFinished, report.failure == nil, let connection else { return }
        do {
            var sent = 0
            while let message = try nextMessage() {
                waiting = message
                if let wait = wait(for: message) {
                    connection.flush()
                    return again(in: wait)
                }
                // Messages that a slow peer does not accept remain in the bounded source, and are sent late.
                guard connection.isWritable, sent < Self.burst else {
                    connection.flush()
                    try checkPatience(connection)
                    return again(in: connection.isWritable ? .zero : .milliseconds(1))
                }
                stuckSince = nil
                connection.queue(message.message)
                if message.isLast { hasSentLast = true }
                if let late = lateness(of: message.due) { report.lateness.record(nanoseconds: late.nanoseconds) }
                waiting = nil
                sent += 1
                report.messages += 1
                report.bytes += message.message.bytes.count
            }
            connection.flush()
            if isExhausted { finish(connection, as: source?.end ?? .receiver) }
        } catch { fail("\(error)") }
    }

    /// Ends the connection as the source specifies, when that is due.
    private func finish(_ connection: WebSocketConnection, as end: ConnectionEnd) {
        if let time = end.time, let late = lateness(of: time), late < .zero {
            return again(in: .nanoseconds(-late.nanoseconds))
        }
        isFinished = true
        switch end {
        case .receiver:
            connection.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { connection.close() }
        case .closed: connection.close()
        case .cut: connection.abort()
        }
    }

    /// The next message; nil if there is none, or none yet.
    private func nextMessage() throws -> TimedMessage? {
        if let waiting {
            // The source reports this when the next message is requested.
            if let failure = source?.failure { throw failure }
            return waiting
        }
        switch try source?.next() ?? .over {
        case .message(let message): return message
        case .notYet: return nil
        case .over:
            isExhausted = true
            return nil
        }
    }

    /// The time until the message is due; nil when it is due.
    private func wait(for message: TimedMessage) -> TimeAmount? {
        guard let late = lateness(of: message.due), late < .zero else { return nil }
        return .nanoseconds(-late.nanoseconds)
    }

    /// The time elapsed since a due time, negative before it; nil without pacing.
    private func lateness(of due: Double) -> TimeAmount? {
        guard case .times(let speed) = pace else { return nil }
        return .now() - (startedAt + .seconds(clamping: due / speed))
    }

    private func again(in delay: TimeAmount) {
        guard !isWaiting else { return }
        isWaiting = true
        connection?.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.isWaiting = false
            self.advance()
        }
    }
}
