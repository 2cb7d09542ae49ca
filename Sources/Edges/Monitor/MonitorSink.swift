package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SidetoneHTTP
package import SidetonePipeline
import SidetoneWebSocket

/// The monitoring channel: keeps the state of the calls, and serves the dashboard, the API, events and metrics.
///
///     let sink = try MonitorSink(settings, tokens: [], logger: logger)
///
/// It listens on a thread of its own, so that a browser takes nothing from the media.
package final class MonitorSink: ServingSink {
    package static let name = "monitor"
    package static let version = "0.1.0"
    package var kinds: PipelineItem.Kinds { [.overview, .samples, .rows, .signals, .logs, .health] }
    /// A turn of the live socket: nobody sees anything sooner.
    package var interval: Duration { .milliseconds(1_000 / settings.rateHz) }

    private let settings: MonitorSettings
    private let tokens: [String]
    private let logger: Logger
    let board: CallStateStore
    let watchdog: Watchdog

    /// - Parameter tokens: of which a request must carry one; empty: none is asked for.
    package init(_ settings: MonitorSettings, tokens: [String], logger: Logger) {
        self.settings = settings
        self.tokens = tokens
        self.logger = logger
        watchdog = Watchdog(logger: logger)
        board = CallStateStore(
            historyLimit: settings.eventsHistory, rateHz: settings.rateHz, showsNumbers: settings.showNumbers,
            now: WallClock.now)
    }

    /// Levels and speech are known from the overview; rows and samples of a stream only where somebody looks at them.
    package func accepts(_ item: PipelineItem) -> Bool {
        switch item {
        case .stream(let stream, .rows): board.attention.covers(stream, watch: .rows)
        case .stream(let stream, .samples): board.attention.covers(stream, watch: .spectrum)
        default: true
        }
    }

    package func write(_ items: [PipelineItem]) async throws { await board.process(items) }

    package func close() async throws { await board.closeSubscribers() }

    package func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws {
        let monitor = try Monitor(
            settings: settings, tokens: tokens, board: board, others: others, watchdog: watchdog, status: status,
            logger: logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Void, any Error>
        do { result = .success(try await monitor.run(group, ready: ready)) } catch { result = .failure(error) }
        try await group.shutdownGracefully()
        try result.get()
    }
}
