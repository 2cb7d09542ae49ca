import NIOCore
package import SidetoneCallControl
import SidetoneCodecs
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
package import SidetonePipeline
import SidetonePlatforms
import SidetonePlayback
import SidetoneService
import SidetoneWebSocket

/// Emulates the platform's side of calls that stream to one receiver, for `sidetone call`.
package struct MediaCallCommand: Sendable {
    /// The results of all calls.
    package struct Report: Sendable {
        package var calls = 0
        package var messages = 0
        package var bytes = 0
        package var lateness = LatencyHistogram()
        /// One sentence per failed call.
        package var failures: [String] = []
        /// Injected faults of all calls.
        package var faults = FaultCounts()

        init() {}

        /// Of calls that followed a document.
        package init(_ outcome: FlowCommand.Outcome) {
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
    private let platform: any Platform.Type
    private let format: MediaFormat
    private let audio: [[Int16]?]
    private let pace: Pace
    private let trust: TLS.Trust
    private let token: Secret?
    private let options: CallOptions
    private let faults: FaultPlan
    /// Generates the IDs: the same for both sockets of a call.
    private let idSeed: UInt64

    /// - Throws: `Diagnostics` with every problem of the options.
    package init(_ options: CallOptions) throws {
        var wrong = Diagnostics()
        let url = wrong.process("--url") { try WebSocketURL(options.url ?? "") }
        let platform = wrong.platform(options.platform)
        let codec = wrong.codec(options.codec, of: platform)
        let pace = wrong.pace(options.pace)
        // A track that is not streamed is not read.
        let paths = (
            inbound: options.track == "outbound" ? nil : options.inbound,
            outbound: options.track == "inbound" ? nil : options.outbound
        )
        if paths.inbound == nil, paths.outbound == nil {
            wrong.record("no audio; specify --inbound, --outbound or both")
        }
        let inbound = wrong.process("--inbound") { try paths.inbound.map { try CallAudio(mono: $0) } } ?? nil
        let outbound =
            wrong.process("--outbound") { try paths.outbound.map { try CallAudio(mono: $0) } } ?? nil
        let rates = Set([inbound?.sampleRate, outbound?.sampleRate].compactMap { $0 })
        if rates.count > 1 {
            wrong.record(
                "--inbound and --outbound differ in sample rate (\(rates.sorted().map(String.init).joined(separator: ", "))); both tracks of a stream need the same rate"
            )
        }
        if let codec, let platform { wrong.format(platform, codec: codec) }
        if let codec, let platform, let rate = rates.first {
            let taken = platform.sampleRates(of: codec)
            if !taken.isEmpty, !taken.contains(rate) {
                wrong.record(
                    "the audio has \(rate) Hz; \(platform.name) streams \(codec.encoding) at "
                        + "\(taken.map(String.init).joined(separator: ", ")): resample it, for example with sox")
            }
        }
        if let codec { wrong.packet(options.packetMs, codec: codec) }
        wrong.callID(options)
        let faults =
            options.fault.isEmpty
            ? FaultPlan() : wrong.process("--fault") { try FaultPlan(options.fault) } ?? FaultPlan()
        let trust = wrong.process("") { try options.receiver.trust.trust }
        let token = wrong.process("") { try options.receiver.token } ?? nil
        guard wrong.isEmpty, let url, let platform, let codec, let pace, let trust else { throw wrong }
        self.url = url
        self.platform = platform
        self.pace = pace
        self.options = options
        self.faults = faults
        idSeed = options.seed ?? .random(in: 0 ... .max)
        format = MediaFormat(encoding: codec.encoding, sampleRate: rates.first ?? 8_000)
        audio = [inbound?.samples, outbound?.samples]
        self.trust = trust
        self.token = token
    }

    /// Plays all calls concurrently, with staggered starts.
    package func run(threads: Int = 1) async throws -> Report {
        try await EventLoops.with(threads: threads) { loops in
            var limits = WebSocketLimits()
            limits.idle = .hours(24)
            let client = try WebSocketClient(group: loops, trust: trust, limits: limits)
            return await play(client)
        }
    }

    private func play(_ client: WebSocketClient) async -> Report {
        let headers = token.map { [("Authorization", "Bearer \($0.value)")] } ?? []
        let player = MessagePlayer(client: client, url: url, headers: headers, pace: pace)
        return await withTaskGroup(of: PlaybackResult.self) { group in
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
            faults: FaultedMessages(
                plan: faults, seed: options.seed ?? 0, number: number * 2 + socket, platform: platform))
    }

    private func call(_ number: Int) throws -> RecordedStream {
        let ids = CallIDGenerator(platform: platform, seed: idSeed, number: number, callID: options.callID)
        let roles = TrackRole.allCases.filter { audio[$0.index] != nil }
        return try RecordedStream(
            platform: platform,
            start: StreamStart(
                streamID: ids.stream(1), callID: ids.call, accountID: ids.account, tracks: roles, format: format),
            inbound: audio[0], outbound: audio[1], packetMs: options.packetMs)
    }
}

/// The samples of one mono file, read completely.
struct CallAudio {
    /// Maximum samples of a file: an hour at 48 kHz.
    static let sampleLimit = 172_800_000

    let samples: [Int16]
    let sampleRate: Int

    init(mono path: String) throws {
        let reader = try AudioFileReader(path: path)
        guard reader.channels == 1 else {
            throw InputError(path, "has \(reader.channels) channels; expected one mono file per track")
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
