import ArgumentParser
import Foundation
import SidetoneCodecs
import SidetoneConfiguration
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneService
import SidetoneTracks

struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyses recordings, folders and captured streams with the same results as the live pipeline.",
        discussion: """
            Stereo: left is inbound, right is outbound. Results of INPUT go to DIR/<input name>/; until they \
            are complete, their files carry .partial. A file that cannot be analysed is reported, is marked with failed.json \
            and does not stop the others; the exit status is then 1.
            """)

    @Argument(help: "Audio files, folders and captures.")
    var inputs: [String]

    @Option(name: .shortAndLong, help: "Output directory; overrides those of the pipeline file.")
    var output: String?

    @Option(help: "Pipeline file; its sources are ignored.")
    var pipeline: String?

    @Option(help: "Feature sets, such as level,spectrum; overrides those of the pipeline file.")
    var features: String?

    @Option(
        help:
            "Codec of headerless files: pcmu, pcma, l16 or l16be; not needed for .ulaw, .al, .sln or .gsm."
    )
    var codec: String?

    @Option(help: "Sample rate of headerless files in Hz (default: 8000).")
    var rate: Int?

    @Option(help: "Inputs analysed in parallel; 0 = one per core.")
    var jobs: Int = 0

    @Option(help: "Analyse only shard i of n, such as 1/4.")
    var shard: String?

    @Flag(help: "Skip inputs whose results are complete and not older than the input.")
    var resume = false

    @Option(help: "Output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var log: LogOptions

    func run() async throws {
        let logger = try log.logger("sidetone")
        var settings = try pipeline.map { try PipelineFile.read($0) } ?? .offline
        if let features {
            let names = features.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            try settings.measure(names)
        }
        if let output { settings.direct(to: output) }
        let found = try AnalysisInput.find(inputs, raw: try rawLayout())
        report(skipped: found.skipped)
        var chosen = try apply(shard, of: found.inputs)
        if resume, !settings.writesSummaries {
            throw ValidationError("--resume detects complete results by their summary.json; add the summary sink")
        }
        if resume { chosen = chosen.filter { !settings.hasResults(of: $0) } }
        let jobs = jobs == 0 ? SystemInfo.cores : jobs
        let bar = ProgressBar(count: chosen.count, isShown: Console.isTerminal)
        let outcomes = try await OfflineAnalysis(settings, jobs: jobs, logger: logger).run(chosen) {
            bar.set($0, share: $1)
        }
        bar.clear()
        report(outcomes, settings: settings)
        for outcome in outcomes { if let failure = outcome.failure { Console.log("sidetone: \(failure)") } }
        if outcomes.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    private func rawLayout() throws -> RawLayout? {
        guard let codec else {
            guard rate == nil else {
                throw ValidationError(
                    "--rate applies to headerless files only; specify their codec as well, such as --codec l16")
            }
            return nil
        }
        guard let type = CodecCatalog.named(codec) else {
            throw ValidationError("--codec is \"\(codec)\"; expected \(CodecCatalog.names)")
        }
        guard type.packetMs == nil else {
            throw ValidationError(
                "--codec is \(type.encoding), whose packets cannot be separated in a raw file; decode it first")
        }
        let rate = rate ?? 8_000
        guard (1_000...384_000).contains(rate) else {
            throw ValidationError("--rate is \(rate); expected 1000…384000")
        }
        let coding: RawLayout.Coding
        switch type.encoding {
        case .pcmu: coding = .pcmu
        case .pcma: coding = .pcma
        case .l16BigEndian: coding = .l16BigEndian
        default: coding = .l16
        }
        return RawLayout(coding, sampleRate: rate)
    }

    private func report(skipped paths: [String]) {
        guard !paths.isEmpty else { return }
        let shown = paths.prefix(5).joined(separator: ", ")
        let rest = paths.count > 5 ? " and \(paths.count - 5) more" : ""
        Console.log("skipped, not analysed: \(shown)\(rest)")
    }

    private func apply(_ shard: String?, of inputs: [AnalysisInput]) throws -> [AnalysisInput] {
        guard let shard else { return inputs }
        let parts = shard.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[1] >= 1, (1...parts[1]).contains(parts[0]) else {
            throw ValidationError("--shard is \"\(shard)\"; expected i/n with i from 1 to n, such as 1/4")
        }
        return inputs.enumerated().filter { $0.offset % parts[1] == parts[0] - 1 }.map(\.element)
    }

    private func report(_ outcomes: [OfflineAnalysis.Outcome], settings: PipelineSettings) {
        switch format {
        case .text:
            var table = TextTable(header: ["input", "track", "seconds", "rows", "gaps"])
            for outcome in outcomes {
                for track in outcome.summary?.tracks ?? [] {
                    table.add([
                        outcome.input.name, track.role.rawValue,
                        SystemInfo.fixed(Double(track.samples) / Double(track.sampleRate), decimals: 2),
                        "\(track.rows)",
                        "\(track.counters.gaps)",
                    ])
                }
            }
            for line in table.lines { Console.print(line) }
            guard outcomes.contains(where: { $0.failure == nil }) else { return }
            for directory in settings.directories { Console.log("results in \(directory)/") }
        case .json:
            for outcome in outcomes { Console.print(json(outcome)) }
        }
    }

    private func json(_ outcome: OfflineAnalysis.Outcome) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("input", text: outcome.input.path)
        json.member("name", text: outcome.input.name)
        if let summary = outcome.summary {
            json.member("seconds", number: summary.seconds)
            json.key("tracks")
            json.beginArray()
            for track in summary.tracks {
                json.beginObject()
                json.member("track", text: track.role.rawValue)
                json.member("rows", integer: track.rows)
                json.member("gaps", integer: Int64(track.counters.gaps))
                json.endObject()
            }
            json.endArray()
        }
        if let failure = outcome.failure { json.member("error", text: failure) }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
