package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SidetoneHTTP
package import SidetonePipeline
import SidetoneWebSocket

/// The monitor: tracks the state of calls and serves the dashboard, the API, events and metrics.
///
///     let sink = try MonitorSink(settings, tokens: [], logger: logger)
///
/// It runs on a separate thread, so that browsers do not affect the media.
package final class MonitorSink: ServingSink {
    package static let name = "monitor"
    package static let version = "0.1.0"
    package var kinds: PipelineItem.Kinds { [.overview, .samples, .rows, .signals, .logs, .health] }
    /// The interval of the live socket; updates are never sent more often.
    package var interval: Duration { .milliseconds(1_000 / settings.rateHz) }

    private let settings: MonitorSettings
    private let tokens: [String]
    private let maxConnections: Int
    private let logger: Logger
    let callStates: CallStateStore
    let watchdog: Watchdog

    /// - Parameters:
    ///   - tokens: valid tokens, one of which a request must carry; empty if none is required.
    ///   - maxConnections: clients that may be connected at once, whatever the settings allow.
    package init(_ settings: MonitorSettings, tokens: [String], maxConnections: Int = .max, logger: Logger) {
        self.settings = settings
        self.tokens = tokens
        self.maxConnections = maxConnections
        self.logger = logger
        watchdog = Watchdog(logger: logger)
        callStates = CallStateStore(
            historyLimit: settings.eventsHistory, rateHz: settings.rateHz, showsNumbers: settings.showNumbers,
            now: WallClock.now)
    }

    /// Levels and speech come from the overview; rows and samples are accepted only for streams that a client subscribed to.
    package func accepts(_ item: PipelineItem) -> Bool {
        switch item {
        case .stream(let stream, .rows): callStates.subscriptions.covers(stream, watch: .rows)
        case .stream(let stream, .samples): callStates.subscriptions.covers(stream, watch: .spectrum)
        default: true
        }
    }

    package func write(_ items: [PipelineItem]) async throws { await callStates.process(items) }

    package func close() async throws { await callStates.closeSubscribers() }

    package func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws {
        let monitor = try Monitor(
            settings: settings, tokens: tokens, connections: settings.connections(limit: maxConnections),
            callStates: callStates,
            others: others, watchdog: watchdog, status: status, logger: logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Void, any Error>
        do { result = .success(try await monitor.run(group, ready: ready)) } catch { result = .failure(error) }
        try await group.shutdownGracefully()
        try result.get()
    }
}
