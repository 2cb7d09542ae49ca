import NIOCore
public import SidetoneCallControl
public import SidetoneCallFlow
import SidetoneCodecs
import SidetoneDialects
import SidetoneFiles
import SidetoneModel
public import SidetonePipeline
import SidetoneWebSocket

/// Plays the platform's side of calls, as `sidetone call` asks for it.
public struct CallRun: Sendable {
    /// What is played, and to whom.
    public struct Options: Sendable {
        /// The receiver's address; empty where a document names receivers.
        public var url = ""
        /// Where the call's actions are asked for.
        public var answerURL: String?
        /// GET or POST; nil for what the platform does.
        public var answerMethod: String?
        /// A file with the call's actions.
        public var actions: String?
        /// What a stream to `url` carries.
        public var tracks = StreamTracks.both
        /// See `KeyScript`.
        public var digits: String?
        /// Seconds from the answer to when the caller hangs up.
        public var hangUpAfter: Double?
        /// `auto`, `espeak` or `tone`.
        public var speech = "auto"
        /// The call's id; nil for one that is made up, different every time.
        public var callID: String?
        public var from = "+4930111222"
        public var to = "+4930111223"
        /// Whether documents may name this machine, or private networks.
        public var allowLoopback = false
        public var allowPrivate = false
        /// Makes what is random the same every time.
        public var seed: UInt64?
        /// What goes wrong on purpose, as `FaultPlan` reads it.
        public var fault = ""
        /// Where webhooks go, and the file of the secret, or the secret, that signs them.
        public var webhookURL: String?
        public var webhookSecretFile: String?
        public var webhookSecret: String?
        /// The file of the key, or the key, that signs requests for SWML.
        public var signingKeyFile: String?
        public var signingKey: String?
        /// The folder of recordings; without one, `start_recording` fails.
        public var recordings: String?
        /// Where requests about calls and recordings are answered, and the token they must bring.
        public var listen: String?
        public var apiTokenFile: String?
        public var apiToken: String?
        /// Seconds for which requests are answered after the last call.
        public var lingerS = 0.0
        /// Audio files; nil for a track that is not streamed.
        public var inbound: String?
        public var outbound: String?
        public var platform = "twilio"
        public var codec = "pcmu"
        public var packetMs = 20
        public var pace = "1"
        public var calls = 1
        /// From one call's start to the next one's, in milliseconds.
        public var staggerMs = 20
        public var bearer: String?
        /// Whether the token comes from the environment: hosts that a document names then receive it only on loopback.
        public var bearerIsFromEnvironment = false
        public var ca: String?
        public var insecure = false

        public init() {}
    }

    /// What became of all calls.
    public struct Report: Sendable {
        public var calls = 0
        public var messages = 0
        public var bytes = 0
        public var lateness = LatencyHistogram()
        /// Sentences, one a call that failed.
        public var failures: [String] = []
        /// What was done on purpose, of all calls.
        public var faults = FaultCounts()

        init() {}

        /// Of calls that followed a document.
        public init(_ outcome: FlowRun.Outcome) {
            calls = outcome.calls.count
            failures = outcome.deliveries.failures
            for call in outcome.calls {
                for stream in call.streams {
                    messages += stream.play.messages
                    bytes += stream.play.bytes
                    lateness.add(stream.play.lateness)
                    faults.add(stream.play.faults)
                }
                if !call.failures.isEmpty { failures.append(call.failures.joined(separator: "\n")) }
            }
        }
    }

    private let url: WebSocketURL
    private let platform: any Dialect.Type
    private let format: MediaFormat
    private let audio: [[Int16]?]
    private let pace: Pace
    private let trust: TLS.Trust
    private let options: Options
    private let faults: FaultPlan
    /// What ids are made of: the same for both sockets of a call.
    private let idSeed: UInt64

    /// - Throws: `SettingsError` with every option that is wrong.
    public init(_ options: Options) throws {
        var wrong = OptionProblems()
        let url = wrong.take("--url") { try WebSocketURL(options.url) }
        let platform = wrong.platform(options.platform)
        let codec = wrong.codec(options.codec)
        let pace = wrong.pace(options.pace)
        if options.inbound == nil, options.outbound == nil {
            wrong.note("there is no audio; give --inbound, --outbound or both")
        }
        let inbound = wrong.take("--inbound") { try options.inbound.map { try CallAudio(mono: $0) } } ?? nil
        let outbound =
            wrong.take("--outbound") { try options.outbound.map { try CallAudio(mono: $0) } } ?? nil
        let rates = Set([inbound?.sampleRate, outbound?.sampleRate].compactMap { $0 })
        if rates.count > 1 {
            wrong.note(
                "--inbound and --outbound differ in sample rate (\(rates.sorted().map(String.init).joined(separator: ", "))); a stream has one"
            )
        }
        if let codec, let platform { wrong.format(platform, codec) }
        if let codec, let platform, let rate = rates.first {
            let taken = platform.sampleRates(of: codec)
            if !taken.isEmpty, !taken.contains(rate) {
                wrong.note(
                    "the audio has \(rate) Hz; \(platform.name) streams \(codec.encoding) at "
                        + "\(taken.map(String.init).joined(separator: ", ")): resample it, for example with sox")
            }
        }
        if let codec { wrong.packet(options.packetMs, codec) }
        wrong.callID(options)
        let faults =
            options.fault.isEmpty ? FaultPlan() : wrong.take("--fault") { try FaultPlan(options.fault) } ?? FaultPlan()
        let trust = wrong.take("") { try TLS.Trust(ca: options.ca, insecure: options.insecure) }
        guard wrong.isEmpty, let url, let platform, let codec, let pace, let trust else { throw wrong.error }
        self.url = url
        self.platform = platform
        self.pace = pace
        self.options = options
        self.faults = faults
        idSeed = options.seed ?? .random(in: 0 ... .max)
        format = MediaFormat(encoding: codec.encoding, sampleRate: rates.first ?? 8_000)
        audio = [inbound?.samples, outbound?.samples]
        self.trust = trust
    }

    /// Plays all calls, one after the other's start, side by side.
    public func run(threads: Int = 1) async throws -> Report {
        try await EventLoops.with(threads: threads) { loops in
            var limits = WebSocketLimits()
            limits.idle = .hours(24)
            let client = try WebSocketClient(group: loops, trust: trust, limits: limits)
            return await play(client)
        }
    }

    private func play(_ client: WebSocketClient) async -> Report {
        let headers = options.bearer.map { [("Authorization", "Bearer \($0)")] } ?? []
        let player = MessagePlayer(client: client, url: url, headers: headers, pace: pace)
        return await withTaskGroup(of: PlayReport.self) { group in
            for number in 1...max(1, options.calls) {
                let delay = Duration.milliseconds(options.staggerMs * (number - 1))
                group.addTask {
                    if number > 1 { try? await Task.sleep(for: delay) }
                    return await player.play { try self.source(number, socket: 0) }
                }
                guard faults.opensSecondSocket else { continue }
                group.addTask {
                    try? await Task.sleep(for: delay + .milliseconds(100))
                    var played = await player.play { try self.source(number, socket: 1) }
                    played.faults.secondSockets = 1
                    return played
                }
            }
            var report = Report()
            for await played in group {
                report.calls += 1 - played.faults.secondSockets
                report.faults.add(played.faults)
                report.messages += played.messages
                report.bytes += played.bytes
                report.lateness.add(played.lateness)
                if let failure = played.failure { report.failures.append(failure) }
            }
            return report
        }
    }

    private func source(_ number: Int, socket: Int) throws -> any MessageSource {
        let call = try call(number)
        guard !faults.isEmpty else { return call }
        return FaultedSource(
            call,
            FaultedMessages(
                plan: faults, seed: options.seed ?? 0, number: number * 2 + socket, platform: platform))
    }

    private func call(_ number: Int) throws -> EmulatedCall {
        let ids = FreshIDs(platform: platform, seed: idSeed, number: number, callID: options.callID)
        let roles = TrackRole.allCases.filter { audio[$0.index] != nil }
        return try EmulatedCall(
            platform: platform,
            start: StreamStart(
                streamID: ids.stream(1), callID: ids.call, accountID: ids.account, tracks: roles, format: format),
            inbound: audio[0], outbound: audio[1], packetMs: options.packetMs)
    }
}

/// The samples of one mono file, whole: what is played is short.
struct CallAudio {
    /// Longer audio is refused: an hour at 48 kHz.
    static let sampleLimit = 172_800_000

    let samples: [Int16]
    let sampleRate: Int

    init(mono path: String) throws {
        let reader = try AudioFileReader(path: path)
        guard reader.channels == 1 else {
            throw InputError(path, "has \(reader.channels) channels; each track is a mono file")
        }
        guard reader.frames <= Int64(Self.sampleLimit) else {
            throw InputError(path, "is longer than an hour at 48 kHz")
        }
        sampleRate = reader.sampleRate
        var samples: [Int16] = []
        var tracks: [[Int16]] = []
        while try reader.read(65_536, into: &tracks) > 0 { samples += tracks[0] }
        self.samples = samples
    }
}
