public import Logging
import NIOPosix
import ServiceLifecycle
import SidetoneFiles
public import SidetonePipeline
public import SidetoneServer
import SidetoneWebhooks
import Synchronization
import UnixSignals

/// A running live pipeline: from the socket to the sinks, until it is told to stop.
///
/// The services end in the reverse of their order: first the server drains, then the sinks empty their queues and
/// close their files.
public final class LivePipeline: Sendable {
    /// What a pipeline did, when it is over.
    public struct Report: Sendable {
        /// What the receiver of streams has seen; nothing where there is none.
        public var server: ReceiverCounts
        /// What the receiver of webhooks has seen; nil where there is none.
        public var webhooks: WebhookCounts?
        public var sinks: [SinkReport]
        /// Whether everything that was taken in was also written.
        public var isWhole: Bool { sinks.allSatisfy { $0.refused == 0 && $0.failures == 0 } }
    }

    /// Blocks that may wait for one sink.
    static let queueLimit = 8_192

    private let source: WebSocketSourceSettings?
    private let webhooks: WebhookSourceSettings?
    private let stream: StreamSettings
    private let sinks: [any PipelineSink]
    private let handlesSignals: Bool
    private let logger: Logger
    private let group = Mutex<ServiceGroup?>(nil)

    /// - Parameters:
    ///   - extraSinks: sinks that no file names, such as the progress of the demo.
    ///   - handlesSignals: whether SIGTERM and SIGINT stop it: the first drains, the second is quick; and SIGUSR1 asks
    ///     how it fares.
    /// - Throws: when a sink cannot be set up, or the file names no source.
    public init(
        _ settings: PipelineSettings, extraSinks: [any PipelineSink] = [], handlesSignals: Bool, logger: Logger
    ) throws {
        guard settings.source != nil || settings.webhooks != nil else {
            throw SettingsError([
                Problem(
                    file: "the pipeline", line: 1, path: "sources",
                    detail: "is missing; a live pipeline needs one, such as - websocket: { listen: \"127.0.0.1:8443\" }"
                )
            ])
        }
        source = settings.source
        webhooks = settings.webhooks
        stream = try settings.stream.withModels()
        self.handlesSignals = handlesSignals
        self.logger = logger
        sinks = try SinkAssembly(settings.sinks, isLive: true, logger: logger).sinks() + extraSinks
    }

    /// Runs until it is told to stop.
    ///
    /// - Parameters:
    ///   - threads: event loops; a connection lives on one of them.
    ///   - announce: told what the sinks that serve have to say once they do, such as the address of a dashboard, and
    ///     where webhooks are received.
    ///   - asked: told what the receiver has seen so far, at each SIGUSR1.
    ///   - ready: told the server once it listens; never where the pipeline receives no streams.
    /// - Throws: what keeps it from starting.
    public func run(
        threads: Int, announce: @escaping @Sendable (String) -> Void = { _ in },
        asked: @escaping @Sendable (ReceiverCounts) -> Void = { _ in },
        ready: @escaping @Sendable (MediaServer) -> Void
    ) async throws -> Report {
        let tokens = try BearerTokens.read(source?.bearerTokenFile ?? "")
        let queues = sinks.map { SinkQueue($0, limit: Self.queueLimit, logger: logger) }
        let fanout = SinkFanout(queues)
        return try await EventLoops.with(threads: threads) {
            try await self.run(tokens, queues, fanout, $0, announce, asked, ready)
        }
    }

    private func run(
        _ tokens: [String], _ queues: [SinkQueue], _ fanout: SinkFanout, _ loops: MultiThreadedEventLoopGroup,
        _ announce: @escaping @Sendable (String) -> Void, _ asked: @escaping @Sendable (ReceiverCounts) -> Void,
        _ ready: @escaping @Sendable (MediaServer) -> Void
    ) async throws -> Report {
        // Trapped before anything says that it is ready: whoever reads that may send a signal at once.
        let signals = handlesSignals ? await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1) : nil
        let naming = StreamNaming(component: SafeName.component, now: WallClock.now)
        let server = Mutex<MediaServer?>(nil)
        let reports = Mutex<[SinkReport]>([])
        let (source, stream, logger) = (source, stream, logger)
        let webhooks = try webhooks.map { try WebhookAssembly.server($0, fanout: fanout, logger: logger) }

        var services: [any Service] = queues.map { queue in
            SinkService(queue: queue) { report in reports.withLock { $0.append(report) } }
        }
        let lag = LoopLag(loops)
        let status: @Sendable () -> PipelineStatus = {
            var status = PipelineStatus(receiver: server.withLock { $0 }?.counts, sinks: queues.map(\.status))
            status.webhooks = webhooks?.counts
            status.loopLagSeconds = lag.seconds
            status.receiverURL = server.withLock { $0 }?.url
            return status
        }
        services += sinks.compactMap { $0 as? any ServingSink }.map { sink in
            SinkServer(sink: sink, others: self.sinks, status: status, ready: announce)
        }
        if let signals {
            services.append(
                SignalService(
                    signals: signals,
                    first: { await self.stop() },
                    second: { server.withLock { $0 }?.cut() },
                    asked: { server.withLock { $0?.counts }.map(asked) }))
        }
        if let webhooks { services.append(WebhookService(server: webhooks, ready: announce)) }
        if let source {
            services.append(
                ServerService {
                    try await MediaServer.start(
                        settings: source, tokens: tokens, stream: stream, fanout: fanout, naming: naming, group: loops,
                        logger: logger)
                } ready: { started in
                    server.withLock { $0 = started }
                    ready(started)
                })
        }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .ignore) }, logger: quiet)
        configuration.gracefulShutdownSignals = []
        let group = ServiceGroup(configuration: configuration)
        self.group.withLock { $0 = group }
        try await group.run()
        return Report(
            server: server.withLock { $0 }?.counts ?? ReceiverCounts(limit: source?.maxStreams ?? 0),
            webhooks: webhooks?.counts, sinks: reports.withLock { $0 })
    }

    /// Drains and ends: no new streams, running ones finish or are cut at the deadline, files whole.
    public func stop() async {
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }

    /// The lifecycle's own messages are of no interest to an operator.
    private var quiet: Logger {
        var logger = Logger(label: "lifecycle")
        logger.logLevel = .error
        return logger
    }
}

private struct SinkService: Service {
    let queue: SinkQueue
    let report: @Sendable (SinkReport) -> Void

    func run() async throws {
        await withGracefulShutdownHandler {
            report(await queue.run())
        } onGracefulShutdown: {
            queue.items.close()
        }
    }
}

private struct SinkServer: Service {
    let sink: any ServingSink
    let others: [any PipelineSink]
    let status: @Sendable () -> PipelineStatus
    let ready: @Sendable (String) -> Void

    func run() async throws { try await sink.run(beside: others, status: status, ready: ready) }
}

private struct WebhookService: Service {
    let server: WebhookServer
    let ready: @Sendable (String) -> Void

    func run() async throws {
        // Not the loops of the streams, so that these never wait for webhooks; and loops that outlive it, for the HTTP
        // server looks at its loop once more after its end.
        try await server.run(group: MultiThreadedEventLoopGroup.singleton) { ready("webhooks on \($0)") }
    }
}

private struct ServerService: Service {
    let start: @Sendable () async throws -> MediaServer
    let ready: @Sendable (MediaServer) -> Void

    func run() async throws {
        let server = try await start()
        ready(server)
        try? await gracefulShutdown()
        await server.drain()
    }
}

private struct SignalService: Service {
    let signals: UnixSignalsSequence
    let first: @Sendable () async -> Void
    let second: @Sendable () -> Void
    let asked: @Sendable () -> Void

    func run() async throws {
        var count = 0
        for await signal in signals.cancelOnGracefulShutdown() {
            guard signal != .sigusr1 else {
                asked()
                continue
            }
            count += 1
            if count == 1 {
                // The group waits for this service only after the server, so that a second signal is heard.
                Task { await first() }
            } else {
                second()
            }
        }
    }
}
