import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket

/// The services of an emulated platform beside its calls: webhook delivery, recordings, and the REST API.
struct FlowServices: Sendable {
    /// Time limit for deliveries after the last call, in seconds.
    static let patience = 30.0

    private let webhookURL: String?
    private let secret: Secret?
    private let faults: FaultPlan
    private let seed: UInt64
    private let recordings: String?
    private let listen: ListenAddress?
    private let token: Secret?
    private let lingerS: Double

    init(_ options: CallOptions, problems wrong: inout Diagnostics) {
        webhookURL = options.webhookURL
        if let url = options.webhookURL, WebURL(url) == nil {
            wrong.record("--webhook-url is not a URL; write https://…")
        }
        secret =
            wrong.process("") {
                try SecretInput.read(
                    file: options.webhookSecretFile, environment: SystemInfo.environment("SIDETONE_WEBHOOK_SECRET"),
                    option: "--webhook-secret-file")
            } ?? nil
        faults =
            options.fault.isEmpty
            ? FaultPlan() : wrong.process("--fault") { try FaultPlan(options.fault) } ?? FaultPlan()
        seed = options.seed ?? 0
        recordings = options.recordings
        listen = options.listen.flatMap { ListenAddress($0) }
        if let text = options.listen, listen?.isLoopback != true {
            wrong.record(
                "--listen is \"\(text)\"; expected HOST:PORT of this machine, such as 127.0.0.1:8080, because it has no TLS"
            )
        }
        token =
            wrong.process("") {
                try SecretInput.read(
                    file: options.apiTokenFile, environment: SystemInfo.environment("SIDETONE_API_TOKEN"),
                    option: "--api-token-file")
            } ?? nil
        if options.listen != nil, token == nil {
            wrong.record("--listen requires a bearer token for requests: set --api-token-file, or SIDETONE_API_TOKEN")
        }
        lingerS = options.lingerS
        if !(0.0...86_400).contains(options.lingerS) {
            wrong.record("--linger is \(options.lingerS); expected seconds, 0…86400")
        }
    }

    /// Faults to inject into the media.
    var mediaFaults: FaultPlan { faults }

    /// The services that run while calls are played.
    struct Running: Sendable {
        let sender: WebhookSender
        let store: RecordingStore?
        let book: CallRegistry
        let webhookURL: String?
        let secret: Secret?

        /// The notifier of one call.
        func notifier(of call: WebhookCall, sampleRate: Int) -> CallNotifier {
            let teller = CallNotifier(
                sender: sender, webhookURL: webhookURL, secret: secret, recordings: store, sampleRate: sampleRate,
                wallClock: FlowServices.wallClock)
            book.add(call.id, notifier: teller)
            return teller
        }
    }

    static let wallClock: @Sendable () -> UTCTime = { UTCTime(unixMs: Int64(WallClock.now() * 1_000)) }

    /// Runs the services, plays the calls, and waits for pending deliveries.
    /// - Parameter listening: called with the address of the REST API.
    /// - Throws: `Diagnostics` when the recordings folder cannot be written, or the address cannot be bound.
    func with(
        gate: AddressGuard, trust: TLS.Trust, group loops: any EventLoopGroup,
        listening: @escaping @Sendable (String) -> Void,
        _ play: @Sendable @escaping (Running) async -> [FlowReport]
    ) async throws -> FlowCommand.Outcome {
        let store: RecordingStore?
        do { store = try recordings.map { try RecordingStore(directory: $0, wallClock: Self.wallClock) } } catch {
            throw Self.problem("--recordings: \(error)")
        }
        let settings = DeliverySettings()
        let client = GuardedHTTPClient(
            gate: gate, limits: settings.limits, tls: TLS.clientConfiguration(trust), group: loops)
        let running = Running(
            sender: WebhookSender(
                settings, faults: faults.webhooks, seed: seed, wallClock: Self.wallClock, client: client),
            store: store, book: CallRegistry(), webhookURL: webhookURL, secret: secret)
        let outcome: Result<FlowCommand.Outcome, any Error>
        do {
            outcome = .success(
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await running.sender.run() }
                    var listener: ServiceGroup?
                    if let listen {
                        listener = try await self.listen(
                            at: listen, running: running, group: &group, listening: listening)
                    }
                    var outcome = FlowCommand.Outcome(calls: await play(running))
                    outcome.deliveries = await running.sender.finish(within: .seconds(Self.patience))
                    if lingerS > 0 { try? await Task.sleep(for: .seconds(lingerS)) }
                    outcome.recordings = running.store?.all ?? []
                    await listener?.triggerGracefulShutdown()
                    return outcome
                })
        } catch { outcome = .failure(error) }
        await client.close()
        return try outcome.get()
    }

    private func listen(
        at address: ListenAddress, running: Running, group: inout ThrowingTaskGroup<Void, any Error>,
        listening: @escaping @Sendable (String) -> Void
    ) async throws -> ServiceGroup {
        let router = CallAPI(calls: running.book, recordings: running.store, token: token ?? Secret("")).router
        var logger = Logger(label: "sidetone.call")
        logger.logLevel = .error
        // On loops that outlive it: the server accesses its loop once more after its end.
        let listener = HTTPListener(
            address: address, router: router, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let (ports, port) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: ListenerService(listener: listener) { port.yield($0) })], logger: logger)
        configuration.gracefulShutdownSignals = []
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        let services = ServiceGroup(configuration: configuration)
        group.addTask {
            defer { port.finish() }
            try await services.run()
        }
        for await port in ports {
            let host = address.host.contains(":") ? "[\(address.host)]" : address.host
            let url = "http://\(host):\(port)"
            running.store?.serve(at: url)
            listening(url)
            return services
        }
        // It ended before it listened: report its error.
        do { _ = try await group.next() } catch let error as ListenError {
            throw Self.problem(
                "--listen is \(address.host):\(address.port); cannot listen there: "
                    + String(cString: strerror(error.errnoCode)))
        }
        return services
    }

    private static func problem(_ detail: String) -> Diagnostics {
        Diagnostics(Diagnostic(wrong: detail))
    }
}

/// Answers requests until the group shuts down.
private struct ListenerService: Service {
    let listener: HTTPListener
    let ready: @Sendable (Int) -> Void

    func run() async throws { try await listener.run(ready: ready) }
}
