package import Logging
import NIOPosix
import ServiceLifecycle
package import SidetoneConfiguration
import SidetoneFiles
import SidetoneJSON
package import SidetonePipeline
package import SidetoneServer
import SidetoneSignatures
import SidetoneWebhooks
import Synchronization
import UnixSignals

/// A live pipeline from the sockets to the sinks, which runs until it is stopped. The listeners end in reverse order,
/// so the media server drains first; then the sinks empty their queues and close their files. Every step has a
/// deadline.
package final class LivePipeline: Sendable {
    /// The totals of a finished pipeline.
    package struct Report: Sendable {
        /// Counters of the media receiver; empty without one.
        package var server: ReceiverCounts
        /// Counters of the webhook receiver; nil without one.
        package var webhooks: WebhookCounts?
        package var sinks: [SinkReport]
        /// Whether everything received was also written.
        package var isWhole: Bool { sinks.allSatisfy { $0.refused == 0 && $0.failures == 0 } }
    }

    private let source: WebSocketSourceSettings?
    private let webhooks: WebhookSourceSettings?
    private let stream: StreamSettings
    private let sinks: [any PipelineSink]
    private let handlesSignals: Bool
    private let logger: Logger
    private let warning: String?
    private let deadline: DrainDeadline
    private let group = Mutex<ServiceGroup?>(nil)

    /// - Parameters:
    /// - extraSinks: sinks in addition to those of the settings, such as the demo's progress.
    /// - handlesSignals: whether SIGTERM and SIGINT stop it (the first one drains, the second one is immediate) and
    ///   SIGUSR1 reports its counters.
    /// - Throws: when a sink cannot be created, or the settings have no source.
    package init(
        _ settings: PipelineSettings, extraSinks: [any PipelineSink] = [], handlesSignals: Bool, logger: Logger
    ) throws {
        guard settings.source != nil || settings.webhooks != nil else {
            throw Diagnostics(
                Diagnostic(
                    file: "the pipeline", line: 1, path: "sources",
                    wrong: "is missing; a live pipeline needs one, such as - websocket: { listen: \"127.0.0.1:8443\" }")
            )
        }
        let budget = DescriptorBudget(settings, limit: DescriptorBudget.currentLimit)
        guard settings.source == nil || budget.streams > 0 else {
            throw Diagnostics(
                Diagnostic(
                    file: "the pipeline", line: 1, path: "sources.websocket.max_streams",
                    wrong: "cannot be supported: \(budget.warning ?? "")"))
        }
        warning = budget.warning
        source = budget.applied(to: settings.source)
        webhooks = budget.applied(to: settings.webhooks)
        var stream = try settings.stream.withModels()
        stream.expectsWebhooks = settings.webhooks != nil
        self.stream = stream
        self.handlesSignals = handlesSignals
        self.logger = logger
        deadline = DrainDeadline(drainTimeoutS: settings.source?.drainTimeoutS ?? 0)
        let assembly = try SinkAssembly(
            settings.sinks, isLive: true, maxConnections: budget.monitorConnections, logger: logger)
        sinks = try assembly.sinks() + extraSinks
    }

    /// Runs until it is stopped.
    ///
    /// - Parameters:
    /// - threads: the number of event loops; each connection is bound to one.
    /// - announce: called with messages for the user, such as the address of the dashboard or of the webhook listener.
    /// - asked: called with the receiver's counters on each SIGUSR1.
    /// - ready: called with the server once it listens; never if the pipeline receives no streams.
    /// - Throws: when the pipeline cannot start.
    package func run(
        threads: Int, announce: @escaping @Sendable (String) -> Void = { _ in },
        asked: @escaping @Sendable (ReceiverCounts) -> Void = { _ in },
        ready: @escaping @Sendable (MediaServer) -> Void
    ) async throws -> Report {
        let tokenKey = CallTokenKey()
        let authenticators =
            try source.map { try UpgradeAuthenticators.make($0, tokenKey: tokenKey, logger: logger) } ?? []
        let limits = QueueLimits(maxStreams: source?.maxStreams ?? 1)
        let runners = sinks.map { SinkRunner(SinkQueue($0, limits: limits, logger: logger)) }
        return try await EventLoops.with(threads: threads) { loops in
            try await self.run(
                authenticators, tokenKey: tokenKey, runners: runners, loops: loops,
                notices: Notices(announce: announce, asked: asked, ready: ready))
        }
    }

    /// The callbacks of the pipeline.
    private struct Notices {
        let announce: @Sendable (String) -> Void
        let asked: @Sendable (ReceiverCounts) -> Void
        let ready: @Sendable (MediaServer) -> Void
    }

    private func run(
        _ authenticators: [any UpgradeAuthenticator], tokenKey: CallTokenKey, runners: [SinkRunner],
        loops: MultiThreadedEventLoopGroup, notices: Notices
    ) async throws -> Report {
        // Installed before readiness is announced: a signal may follow immediately.
        let signals = handlesSignals ? await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1) : nil
        let lastResort = handlesSignals ? LastResort(seconds: deadline.lastResortS) : nil
        defer { withExtendedLifetime(lastResort) {} }
        if let warning { notices.announce("warning: \(warning)") }
        let server = Mutex<MediaServer?>(nil)
        let fanout = SinkFanout(runners.map(\.queue))
        let webhooks = try webhooks.map {
            try WebhookAssembly.server($0, fanout: fanout, tokenKey: tokenKey, logger: logger)
        }
        let current: @Sendable () -> MediaServer? = { server.withLock { $0 } }
        let status = status(of: runners, server: current, webhooks: webhooks, lag: LoopLag(loops))

        let group = services(
            authenticators, fanout: fanout, loops: loops, notices: notices, webhooks: webhooks, status: status
        ) { started in
            server.withLock { $0 = started }
            notices.ready(started)
        }
        self.group.withLock { $0 = group }
        for runner in runners { runner.start() }
        let heeding = signals.map { signals in
            Task { await self.heed(signals, server: current, asked: notices.asked) }
        }
        defer { heeding?.cancel() }
        var failure: (any Error)?
        do { try await group.run() } catch {
            // Listeners that were cancelled after the stop are not a failed start.
            if !deadline.isStopped { failure = error }
        }
        deadline.streamsEnded(failed: failure != nil)
        let reports = await SinkRunner.finish(
            runners, by: { self.deadline.sinks }, patience: failure == nil ? DrainDeadline.patience : .zero,
            extension: DrainDeadline.progress)
        if let failure { throw failure }
        return Report(
            server: server.withLock { $0 }?.counts ?? ReceiverCounts(limit: source?.maxStreams ?? 0),
            webhooks: webhooks?.counts, sinks: reports)
    }

    private func status(
        of runners: [SinkRunner], server: @escaping @Sendable () -> MediaServer?, webhooks: WebhookServer?,
        lag: LoopLag
    ) -> @Sendable () -> PipelineStatus {
        {
            var status = PipelineStatus(receiver: server()?.counts, sinks: runners.map(\.queue.status))
            status.webhooks = webhooks?.counts
            status.loopLagSeconds = lag.seconds
            status.receiverURL = server()?.url
            return status
        }
    }

    /// The listeners; the one for media starts last and ends first.
    private func services(
        _ authenticators: [any UpgradeAuthenticator], fanout: SinkFanout, loops: MultiThreadedEventLoopGroup,
        notices: Notices,
        webhooks: WebhookServer?, status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (MediaServer) -> Void
    ) -> ServiceGroup {
        let serving = sinks.compactMap { $0 as? any ServingSink }
        let barrier = StartBarrier(serving.count + (webhooks == nil ? 0 : 1))
        var services: [any Service] = serving.map { sink in
            RetriedListener(name: type(of: sink).name, logger: logger, started: barrier.arrival()) { started in
                try await sink.run(beside: self.sinks, status: status) { sentence in
                    notices.announce(sentence)
                    started()
                }
            }
        }
        if let webhooks {
            services.append(
                RetriedListener(name: "webhooks", logger: logger, started: barrier.arrival()) { started in
                    // Not the loops of the streams, so that these never wait for webhooks. They outlive the listener,
                    // because the HTTP server accesses its loop once more after its end.
                    try await webhooks.run(group: MultiThreadedEventLoopGroup.singleton) { address in
                        notices.announce("webhooks on \(address)")
                        started()
                    }
                })
        }
        if let source {
            let (stream, logger) = (stream, logger)
            let naming = StreamNaming(component: SafeName.component, now: WallClock.now)
            services.append(
                MediaService(
                    barrier: barrier,
                    start: {
                        try await MediaServer.start(
                            settings: source, authenticators: authenticators, stream: stream, fanout: fanout,
                            naming: naming,
                            group: loops, logger: logger)
                    }, ready: ready))
        }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .ignore) }, logger: quiet)
        configuration.gracefulShutdownSignals = []
        // A client that keeps its request open must not keep the process alive.
        configuration.maximumGracefulShutdownDuration = deadline.listeners
        return ServiceGroup(configuration: configuration)
    }

    /// SIGTERM and SIGINT: the first one drains, the second one is immediate. SIGUSR1 reports counters.
    private func heed(
        _ signals: UnixSignalsSequence, server: @escaping @Sendable () -> MediaServer?,
        asked: @escaping @Sendable (ReceiverCounts) -> Void
    ) async {
        var count = 0
        for await signal in signals {
            guard signal != .sigusr1 else {
                if let counts = server()?.counts { asked(counts) }
                continue
            }
            count += 1
            if count == 1 {
                // Not awaited: the second signal must be handled meanwhile.
                Task { await stop() }
            } else {
                deadline.hurry()
                server()?.cut()
            }
        }
    }

    /// Drains and ends: no new streams; active ones finish or are closed at the deadline; files are completed.
    package func stop() async {
        deadline.stop()
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }

    /// The lifecycle's own messages are not relevant to operators.
    private var quiet: Logger {
        var logger = Logger(label: "lifecycle")
        logger.logLevel = .error
        return logger
    }
}

/// The media receiver: listens once all other listeners do, and drains at the end.
private struct MediaService: Service {
    let barrier: StartBarrier
    let start: @Sendable () async throws -> MediaServer
    let ready: @Sendable (MediaServer) -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown { await barrier.wait() }
        guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
        let server = try await start()
        ready(server)
        try? await gracefulShutdown()
        await server.drain()
    }
}
