import Foundation
import NIOCore
package import SidetoneCallControl
import SidetoneCodecs
import SidetoneConfiguration
package import SidetoneEmulator
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import SidetoneService
import SidetoneWebSocket

/// Emulates the platform's side of calls that follow a document, for `sidetone call`.
package struct FlowCommand: Sendable {
    private let options: CallOptions
    private let platform: any Platform.Type
    private let codec: any AudioCodec.Type
    private let pace: Pace
    private let keys: KeyScript
    private let beginning: Beginning
    private let audio: FlowAudio
    private let speech: any SpeechMaker
    private let services: FlowServices
    private let trust: TLS.Trust
    private let token: Secret?
    private let signingKey: Secret?

    /// The results of all calls and of their webhooks.
    package struct Outcome: Sendable {
        /// In the order in which the calls ended.
        package var calls: [FlowReport]
        package var deliveries = WebhookSender.Report()
        package var recordings: [Recording] = []
    }

    private enum Beginning {
        case document(CallDocument)
        case answerURL(String, WebMethod)
    }

    /// - Throws: `Diagnostics` with every problem of the options and of the action file.
    package init(_ options: CallOptions) throws {
        var wrong = Diagnostics()
        let platform = wrong.platform(options.platform)
        let codec = wrong.codec(options.codec, of: platform)
        let pace = wrong.pace(options.pace)
        let keys = options.digits.map { KeyScript($0) } ?? KeyScript()
        if keys == nil {
            wrong.record("--digits: expected keys such as 1234, or seconds with keys such as 2.5:1,3.0:#")
        }
        if let seconds = options.hangUpAfter, !(0.0...86_400).contains(seconds) {
            wrong.record("--hang-up-after is \(seconds); expected seconds, 0…86400")
        }
        let beginning = Self.beginning(options, wrong: &wrong)
        let audio = wrong.process("") { try FlowAudio(inbound: options.inbound, outbound: options.outbound) }
        let speech = Self.speech(options.speech, wrong: &wrong)
        let services = FlowServices(options, problems: &wrong)
        wrong.callID(options)
        let signingKey =
            wrong.process("") {
                try SecretInput.read(
                    file: options.signingKeyFile, environment: SystemInfo.environment("SIDETONE_SIGNING_KEY"),
                    option: "--signing-key-file")
            } ?? nil
        if options.signingKeyFile != nil, let platform, platform.documents.signature == nil {
            let signing = PlatformCatalog.all.filter { $0.documents.signature != nil }.map { $0.name }
            wrong.record(
                "--signing-key-file is set, but \(platform.name) does not sign its requests for documents; "
                    + "\(signing.joined(separator: ", ")) does")
        }
        if let codec { wrong.packet(options.packetMs, codec: codec) }
        if let codec, let platform { wrong.format(platform, codec: codec) }
        let trust = wrong.process("") { try options.receiver.trust.trust }
        let token = wrong.process("") { try options.receiver.token } ?? nil
        guard let platform, let codec, let pace, let keys, let beginning, let audio, let speech, let trust else {
            throw wrong
        }
        guard wrong.isEmpty else { throw wrong }
        self.options = options
        self.platform = platform
        self.codec = codec
        self.pace = pace
        self.keys = keys
        self.beginning = beginning
        self.audio = audio
        self.speech = speech
        self.services = services
        self.trust = trust
        self.token = token
        self.signingKey = platform.documents.signature == nil ? nil : signingKey
    }

    private static func beginning(_ options: CallOptions, wrong: inout Diagnostics) -> Beginning? {
        let given = [options.url.map { _ in "--url" }, options.answerURL.map { _ in "--answer-url" }]
        let names = (given + [options.actions.map { _ in "--actions" }]).compactMap { $0 }
        guard names.count == 1 else {
            wrong.record(
                names.isEmpty
                    ? "nothing to do; specify --url, --answer-url or --actions"
                    : "\(names.joined(separator: " and ")) are mutually exclusive; keep one of them")
            return nil
        }
        if let path = options.actions {
            return wrong.process("--actions") {
                guard let bytes = FileManager.default.contents(atPath: path) else {
                    throw InputError(path, "cannot be read")
                }
                return .document(try CallDocument.read(YAMLDocument.bytes(of: Array(bytes))))
            }
        }
        if let url = options.answerURL {
            let usual = PlatformCatalog.named(options.platform)?.documents.method ?? .get
            let method = options.answerMethod.map { WebMethod(rawValue: $0.uppercased()) } ?? usual
            if method == nil { wrong.record("--answer-method: expected GET or POST") }
            return method.map { .answerURL(url, $0) }
        }
        return wrong.process("--url") {
            let url = options.url ?? ""
            _ = try WebSocketURL(url)
            let request = StreamRequest(url: url, tracks: options.tracks)
            return .document(
                .actions(
                    ActionDocument([ActionStep(StartStreamAction(streamURL: request.url, track: request.tracks))]))
            )
        }
    }

    private static func speech(_ name: String, wrong: inout Diagnostics) -> (any SpeechMaker)? {
        switch name {
        case "auto": return EspeakSpeech() ?? ToneSpeech()
        case "tone": return ToneSpeech()
        case "espeak":
            if let espeak = EspeakSpeech() { return espeak }
            wrong.record(
                "--speech is espeak, but espeak-ng is not installed: apt-get install espeak-ng, or --speech tone")
        default: wrong.record("--speech is \"\(name)\"; expected auto, espeak or tone")
        }
        return nil
    }

    /// Plays all calls concurrently, with staggered starts.
    /// - Parameter listening: called with the address of the REST API once it listens.
    package func run(
        threads: Int = 1, listening: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Outcome {
        try await EventLoops.with(threads: threads) { loops in
            // An address typed by the user may lead anywhere; one that a document names may not.
            let isTyped = options.url != nil
            let gate = AddressGuard(
                allowsLoopback: options.allowLoopback || isTyped, allowsPrivate: options.allowPrivate || isTyped)
            let web = GuardedHTTPClient(gate: gate, tls: TLS.clientConfiguration(trust), group: loops)
            var limits = WebSocketLimits()
            limits.idle = .hours(24)
            let network = GuardedNetwork(
                web: web, sockets: try WebSocketClient(group: loops, trust: trust, limits: limits), pace: pace,
                bearer: token, bearerStaysHere: options.receiver.isTokenFromEnvironment && !isTyped,
                signingKey: signingKey)
            let outcome: Result<Outcome, any Error>
            do {
                outcome = .success(
                    try await services.with(gate: gate, trust: trust, group: loops, listening: listening) { running in
                        await play(network, running: running)
                    })
            } catch { outcome = .failure(error) }
            await web.close()
            return try outcome.get()
        }
    }

    private func play(_ network: GuardedNetwork, running: FlowServices.Running) async -> [FlowReport] {
        await withTaskGroup(of: FlowReport.self) { group in
            for number in 1...max(1, options.calls) {
                let delay = Duration.milliseconds(options.staggerMs * (number - 1))
                group.addTask {
                    if number > 1 { try? await Task.sleep(for: delay) }
                    let setup = setup(number)
                    let teller = running.notifier(of: setup.call, sampleRate: audio.sampleRate)
                    var report = await CallRunner(
                        setup, network: network, speech: speech, clock: PacedClock(pace), observers: [teller],
                        listeners: [teller]
                    ).run()
                    report.failures += await teller.failures
                    return report
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func setup(_ number: Int) -> CallConfiguration {
        let ids = CallIDGenerator(platform: platform, seed: options.seed, number: number, callID: options.callID)
        let call = WebhookCall(
            id: ids.call, status: "dialing", direction: .inbound, from: options.from, to: options.to,
            customerID: "cust_demo", applicationID: ids.account, providerCallID: ids.provider, routeMode: "webhook")
        let beginning: CallConfiguration.Beginning =
            switch self.beginning {
            case .document(let document): .document(document)
            case .answerURL(let url, let method):
                .answerURL(
                    DocumentRequest(
                        url: url, method: method,
                        body: method == .post ? platform.documentRequest(for: call, variables: [:]) : nil))
            }
        let audio = audio
        var setup = CallConfiguration(
            call: call, beginning: beginning, platform: platform, codec: codec, streamID: ids.stream,
            makeMedia: { try audio.media() })
        setup.accountID = ids.account
        setup.packetMs = options.packetMs
        setup.keys = keys
        setup.hangUpAfter = options.hangUpAfter
        setup.faults = services.mediaFaults
        setup.faultSeed = (options.seed ?? 0) &+ UInt64(number) << 16
        return setup
    }
}
