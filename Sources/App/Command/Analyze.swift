import ArgumentParser
import Foundation
import SidetoneAssembly
import SidetoneCodecs
import SidetoneModel
import SidetonePipeline
import SidetoneTracks
import Synchronization

struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyses recordings, folders and captured streams, with the numbers of the live pipeline.",
        discussion: """
            Stereo: left is inbound, right is outbound. Results of INPUT go to DIR/<input name>/. A file that cannot be \
            analysed is reported and does not stop the others; the status is then 1.
            """)

    @Argument(help: "Audio files, folders, capture.jsonl files.")
    var inputs: [String]

    @Option(name: .shortAndLong, help: "Where the results go; instead of the pipeline's directories.")
    var output: String?

    @Option(help: "A pipeline file; its sources do not matter here.")
    var pipeline: String?

    @Option(help: "The sets of measures, such as level,spectrum; instead of the pipeline's.")
    var features: String?

    @Option(help: "The codec of files that have no header: pcmu, pcma, l16 or l16be.")
    var codec: String?

    @Option(help: "The sample rate of files that have no header, in Hz.")
    var rate: Int = 8_000

    @Option(help: "Inputs side by side; 0 is one a core.")
    var jobs: Int = 0

    @Option(help: "Only the i-th of n shares of the inputs, such as 1/4.")
    var shard: String?

    @Flag(help: "Skips inputs whose summary.json is there already.")
    var resume = false

    @Option(help: "text or json.")
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
        var chosen = try take(shard, of: try AnalysisInput.find(inputs, raw: try rawFormat()))
        if resume { chosen = chosen.filter { !settings.hasResults(of: $0) } }
        let jobs = jobs == 0 ? Machine.cores : jobs
        let bar = ProgressBar(count: chosen.count, isShown: Console.isTerminal)
        let outcomes = try await OfflineAnalysis(settings, jobs: jobs, logger: logger).run(chosen) { bar.set($0, $1) }
        bar.clear()
        report(outcomes, settings)
        for outcome in outcomes { if let failure = outcome.failure { Console.tell("sidetone: \(failure)") } }
        if outcomes.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    private func rawFormat() throws -> MediaFormat? {
        guard let codec else { return nil }
        guard let type = CodecCatalog.named(codec) else {
            throw ValidationError("--codec is \"\(codec)\"; it takes \(CodecCatalog.names)")
        }
        guard type.packetMs == nil else {
            throw ValidationError(
                "--codec is \(type.encoding), whose packets cannot be told apart in a raw file; decode it first")
        }
        guard type.sampleRates.contains(rate) else {
            throw ValidationError(
                "--rate is \(rate); \(type.encoding) takes \(type.sampleRates.map(String.init).joined(separator: ", "))"
            )
        }
        return MediaFormat(encoding: type.encoding, sampleRate: rate)
    }

    private func take(_ shard: String?, of inputs: [AnalysisInput]) throws -> [AnalysisInput] {
        guard let shard else { return inputs }
        let parts = shard.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[1] >= 1, (1...parts[1]).contains(parts[0]) else {
            throw ValidationError("--shard is \"\(shard)\"; it takes i/n with i from 1 to n, such as 1/4")
        }
        return inputs.enumerated().filter { $0.offset % parts[1] == parts[0] - 1 }.map(\.element)
    }

    private func report(_ outcomes: [OfflineAnalysis.Outcome], _ settings: PipelineSettings) {
        switch format {
        case .text:
            var table = TextTable(header: ["input", "track", "seconds", "rows", "gaps"])
            for outcome in outcomes {
                for track in outcome.summary?.tracks ?? [] {
                    table.add([
                        outcome.input.name, track.role.rawValue,
                        Machine.fixed(Double(track.samples) / Double(track.sampleRate), 2), "\(track.rows)",
                        "\(track.counters.gaps)",
                    ])
                }
            }
            for line in table.lines { Console.print(line) }
            for directory in settings.directories { Console.tell("results in \(directory)/") }
        case .json:
            for outcome in outcomes { Console.print(json(outcome)) }
        }
    }

    private func json(_ outcome: OfflineAnalysis.Outcome) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            input: outcome.input.path, name: outcome.input.name, seconds: outcome.summary?.seconds,
            tracks: outcome.summary?.tracks.map {
                .init(track: $0.role.rawValue, rows: $0.rows, gaps: $0.counters.gaps)
            },
            error: outcome.failure)
        return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private struct Line: Encodable {
        struct Track: Encodable {
            var track: String
            var rows: Int64
            var gaps: Int
        }
        var input: String
        var name: String
        var seconds: Double?
        var tracks: [Track]?
        var error: String?
    }
}

/// How far a run is, on one line of a terminal.
final class ProgressBar: Sendable {
    private let shares: Mutex<[Double]>
    private let isShown: Bool
    private let last = Mutex(-1)

    init(count: Int, isShown: Bool) {
        shares = Mutex([Double](repeating: 0, count: count))
        self.isShown = isShown && count > 0
    }

    func set(_ index: Int, _ share: Double) {
        guard isShown else { return }
        let (done, total, sum) = shares.withLock { shares in
            shares[index] = max(shares[index], min(1, share))
            return (shares.count { $0 == 1 }, shares.count, shares.reduce(0, +))
        }
        let percent = Int(sum / Double(total) * 100)
        let isNews = last.withLock { last in
            defer { last = percent }
            return last != percent
        }
        guard isNews else { return }
        let filled = percent * 30 / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "·", count: 30 - filled)
        Console.draw("[\(bar)] \(percent) %  \(done)/\(total) inputs")
    }

    func clear() { if isShown { Console.clear() } }
}
