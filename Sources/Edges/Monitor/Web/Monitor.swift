import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceLifecycle
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket
import Synchronization

/// The HTTP and WebSocket server of the monitor.
struct Monitor: Sendable {
    let settings: MonitorSettings
    let connections: ConnectionLimits
    let callStates: CallStateStore
    let accessPolicy: AccessPolicy
    let sockets: LiveSockets
    let streams: EventStreams
    let downloads: DownloadCatalog
    let history: (any CallHistory)?
    let pages: StaticFiles
    let api: StaticFiles
    let schemas = StaticFiles(schemasOf: SignalDeclarations.all)
    let startedAt: Double
    let usage = ProcessUsage()
    let watchdog: Watchdog
    let registry: MetricsRegistry
    let status: @Sendable () -> PipelineStatus
    private let logger: Logger

    /// - Throws: if the dashboard files are missing.
    init(
        settings: MonitorSettings, tokens: [String], connections: ConnectionLimits, callStates: CallStateStore,
        others: [any PipelineSink], watchdog: Watchdog, status: @escaping @Sendable () -> PipelineStatus, logger: Logger
    ) throws {
        self.settings = settings
        self.connections = connections
        self.callStates = callStates
        self.status = status
        self.logger = logger
        self.watchdog = watchdog
        registry = .shared
        let address = settings.address ?? ListenAddress(host: "127.0.0.1", port: 0)
        accessPolicy = AccessPolicy(address, allowedHosts: settings.allowedHosts, tokens: tokens, sessions: Sessions())
        sockets = LiveSockets(limit: settings.maxSubscribers)
        streams = EventStreams(limit: settings.maxSubscribers)
        downloads = DownloadCatalog(others)
        history = others.lazy.compactMap { $0 as? any CallHistory }.first
        guard let dashboard = Resources.folder("Dashboard"), let documents = Resources.folder("API") else {
            throw MonitorError(
                "the dashboard files are missing: keep sidetone_SidetoneMonitor.resources beside the program")
        }
        pages = StaticFiles(folder: dashboard)
        api = StaticFiles(folder: documents)
        startedAt = WallClock.now()
    }

    /// Serves until the task is shut down gracefully or cancelled.
    func run(_ group: any EventLoopGroup, ready: @escaping @Sendable (String) -> Void) async throws {
        let address = settings.address ?? ListenAddress(host: "127.0.0.1", port: 0)
        var tls: (@Sendable () -> NIOSSLContext)?
        if !settings.certificate.isEmpty {
            let certificate = try ReloadedCertificate(
                certificate: settings.certificate, key: settings.key, logger: logger)
            tls = { certificate.context }
        }
        let isSecure = tls != nil
        let listener = HTTPListener(
            address: address, tls: tls, router: router(isSecure: isSecure), webSocket: live,
            connections: connections, group: group, logger: logger)
        let files = downloads
        await callStates.find { files.names(of: $0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await tick() }
            if settings.watchdogS > 0 {
                tasks.addTask {
                    await watchdog.run(every: settings.watchdogS, group: group) {
                        let now = status()
                        return now.receiver?.isDraining == true ? nil : now.receiverURL
                    }
                }
            }
            tasks.addTask {
                try await withGracefulShutdownHandler {
                    try await listener.run { port in
                        let shown = ListenAddress(host: address.host, port: port)
                        ready("monitor on \(isSecure ? "https" : "http")://\(shown)/")
                    }
                } onGracefulShutdown: {
                    sockets.close()
                    streams.close()
                }
            }
            // The listener ends first, regularly or with an error; the ticks end with it.
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }

    /// Runs the ticks of the live socket and the keep-alives of the event streams.
    private func tick() async {
        var ticks = 0
        let rate = settings.rateHz
        let period = Duration.milliseconds(1_000 / rate)
        var due = ContinuousClock.now
        while !Task.isCancelled {
            // Scheduled on a fixed grid, however long a tick takes; missed ticks are skipped.
            due = max(due + period, .now)
            do { try await Task.sleep(until: due, tolerance: .zero, clock: .continuous) } catch { return }
            ticks += 1
            let open = sockets.all
            let cut = await callStates.updateClients(open, at: UTCTime(unixSeconds: WallClock.now()).milliseconds) {
                [self] in
                statusJSON(withSinks: false, dialects: [:])
            }
            if cut > 0 { logger.notice("Slow clients of the live socket disconnected", metadata: ["count": "\(cut)"]) }
            if ticks % rate == 0 { streams.cutBlocked() }
            if ticks % (15 * rate) == 0 { await callStates.pingSubscribers() }
        }
    }

    func statusJSON(withSinks: Bool, dialects: [String: Int]) -> [UInt8] {
        MonitorStatus(
            startedAt: startedAt, now: WallClock.now(), pipeline: status(), dialects: dialects,
            cpuPercent: usage.cpuPercent, eventSubscribers: streams.count, liveSubscribers: sockets.count
        ).json(withSinks: withSinks)
    }

    /// The live socket: the access policy of every request, then the limit of clients.
    private var live: WebSocketRoute {
        var limits = WebSocketLimits()
        limits.messageBytes = 16 * 1_024
        limits.firstMessage = .seconds(60)
        // A subscribed client sends nothing more; a dead connection is detected by pings.
        limits.idle = .hours(24 * 365)
        let (accessPolicy, sockets) = (accessPolicy, sockets)
        return WebSocketRoute("/v1/live", limits: limits) { request in
            let head = AccessPolicy.Request(
                path: request.path, host: request.headers.first(name: "Host"),
                origin: request.headers.first(name: "Origin"),
                authorization: request.headers.first(name: "Authorization"),
                cookie: request.headers.first(name: "Cookie"))
            switch accessPolicy.verdict(on: head) {
            case .forbidden(let why): return .refuse(.forbidden, body: "\(why)\n")
            case .unauthorized:
                return .refuse(.unauthorized, headers: ["WWW-Authenticate": "Bearer"], body: "a token is required\n")
            case .allowed: break
            }
            guard sockets.hasRoom else {
                return .refuse(.serviceUnavailable, headers: ["Retry-After": "5"], body: "subscriber limit reached\n")
            }
            return .accept { LiveSocket(sockets) }
        }
    }
}

/// Why the monitor cannot start.
struct MonitorError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
