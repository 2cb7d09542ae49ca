import NIOCore
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
        public var url = ""
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
        public var ca: String?
        public var insecure = false
        /// What goes wrong on purpose, as `FaultPlan` reads it.
        public var fault = ""
        /// Repeats the faults.
        public var seed: UInt64 = 0
        /// Prefix of the ids that are made up.
        public var label = "demo"

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
    }

    private let url: WebSocketURL
    private let platform: any Dialect.Type
    private let format: MediaFormat
    private let audio: [[Int16]?]
    private let pace: Pace
    private let trust: TLS.Trust
    private let options: Options
    private let faults: FaultPlan

    /// - Throws: `SettingsError` with every option that is wrong.
    public init(_ options: Options) throws {
        var wrong: [String] = []
        let url = CallRun.take(&wrong, "--url") { try WebSocketURL(options.url) }
        let platform = DialectCatalog.named(options.platform)
        if platform == nil {
            wrong.append(
                "--platform is \"\(options.platform)\"; it takes \(DialectCatalog.all.map { $0.name }.joined(separator: ", "))"
            )
        }
        let codec = CodecCatalog.named(options.codec)
        if codec == nil { wrong.append("--codec is \"\(options.codec)\"; it takes \(CodecCatalog.names)") }
        let pace = Pace(options.pace)
        if pace == nil { wrong.append("--pace is \"\(options.pace)\"; it takes max, or a number above 0 such as 1") }
        if options.inbound == nil, options.outbound == nil {
            wrong.append("there is no audio; give --inbound, --outbound or both")
        }
        let inbound = CallRun.take(&wrong, "--inbound") { try options.inbound.map { try CallAudio(mono: $0) } } ?? nil
        let outbound =
            CallRun.take(&wrong, "--outbound") { try options.outbound.map { try CallAudio(mono: $0) } } ?? nil
        let rates = Set([inbound?.sampleRate, outbound?.sampleRate].compactMap { $0 })
        if rates.count > 1 {
            wrong.append(
                "--inbound and --outbound differ in sample rate (\(rates.sorted().map(String.init).joined(separator: ", "))); a stream has one"
            )
        }
        if let codec, let rate = rates.first, !codec.sampleRates.contains(rate) {
            wrong.append(
                "the audio has \(rate) Hz; \(codec.encoding) takes \(codec.sampleRates.map(String.init).joined(separator: ", "))"
            )
        }
        let faults =
            options.fault.isEmpty
            ? FaultPlan() : CallRun.take(&wrong, "--fault") { try FaultPlan(options.fault) } ?? FaultPlan()
        guard wrong.isEmpty, let url, let platform, let codec, let pace else {
            throw SettingsError(wrong.map { Problem(file: "call", line: 1, path: "", detail: $0) })
        }
        self.url = url
        self.platform = platform
        self.pace = pace
        self.options = options
        self.faults = faults
        format = MediaFormat(encoding: codec.encoding, sampleRate: rates.first ?? 8_000)
        audio = [inbound?.samples, outbound?.samples]
        trust = options.insecure ? .anybody : options.ca.map { .file($0) } ?? .system
    }

    private static func take<T>(_ wrong: inout [String], _ name: String, _ make: () throws -> T) -> T? {
        do { return try make() } catch {
            wrong.append("\(name): \(error)")
            return nil
        }
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
                plan: faults, seed: options.seed, number: number * 2 + socket, platform: platform))
    }

    private func call(_ number: Int) throws -> EmulatedCall {
        let ids = CallIDs(platform: platform.name, label: options.label, number: number)
        let roles = TrackRole.allCases.filter { audio[$0.index] != nil }
        return try EmulatedCall(
            platform: platform,
            start: StreamStart(
                streamID: ids.stream, callID: ids.call, accountID: ids.account, tracks: roles, format: format),
            inbound: audio[0], outbound: audio[1], packetMs: options.packetMs)
    }
}

/// Made-up ids in the form of each platform.
struct CallIDs {
    let call: String
    let stream: String
    let account: String

    init(platform: String, label: String, number: Int) {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        switch platform {
        case "signalwire":
            call = "00000000-0000-4000-8000-0000\(padded)"
            stream = "00000000-0000-4000-9000-0000\(padded)"
            account = "00000000-0000-4000-a000-000000000001"
        case "minivoice":
            call = "call_\(label).\(padded)"
            stream = "stream_\(label).\(padded)"
            account = "app_\(label)"
        default:
            let zeros = String(repeating: "0", count: 24)
            call = "CA\(zeros)\(padded)"
            stream = "MZ\(zeros)\(padded)"
            account = "AC\(zeros)00000001"
        }
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
