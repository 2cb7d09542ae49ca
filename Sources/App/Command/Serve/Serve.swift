import ArgumentParser
import SidetoneConfiguration
import SidetonePipeline
import SidetoneServer
import SidetoneService
import Synchronization

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a live pipeline until SIGTERM, then drains its streams.",
        discussion: """
            After the first SIGTERM or SIGINT, no new streams are accepted and active ones may continue for drain_timeout_s; a second signal \
            ends them immediately. Files are complete in either case. On SIGUSR1, it prints the counters since the previous SIGUSR1.
            """)

    @Argument(help: "Pipeline file.")
    var pipeline: String

    @Option(help: "Event loops, each for about 1,000 tracks; 0 = one per core.")
    var threads: Int = 0

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (0...256).contains(threads) else { throw ValidationError("--threads is \(threads); expected 0…256") }
    }

    func run() async throws {
        let logger = try log.logger("sidetone")
        let settings = try PipelineFile.read(pipeline)
        ProcessMetrics.collect()
        let report: LivePipeline.Report
        let previous = Mutex<ReceiverCounts?>(nil)
        do {
            let live = try LivePipeline(settings, handlesSignals: true, logger: logger)
            report = try await live.run(
                threads: threads == 0 ? SystemInfo.cores : threads, announce: { Console.log($0) },
                asked: { counts in
                    let earlier = previous.withLock { previous in
                        defer { previous = counts }
                        return previous
                    }
                    Self.report(counts, since: earlier)
                }
            ) { server in
                Console.log("listening on \(server.url)")
            }
        } catch {
            throw CommandFailure(message: "\(error)", code: 2)
        }
        Self.report(report.server, since: nil)
        if let webhooks = report.webhooks {
            Console.log(
                "webhooks \(webhooks.accepted), repeated \(webhooks.repeated), refused \(webhooks.refused); "
                    + "answers \(webhooks.answered)")
        }
        for sink in report.sinks where sink.refused > 0 || sink.failures > 0 {
            Console.log(
                "sink \(sink.sink): \(sink.refused) blocks refused, \(sink.failures) writes failed"
                    + (sink.lastFailure.map { " (\($0))" } ?? ""))
        }
        if !report.isWhole { throw ExitCode(1) }
    }

    /// Prints the receiver's counters, in total or since the previous report.
    private static func report(_ counts: ReceiverCounts, since earlier: ReceiverCounts?) {
        let latency = earlier.map { counts.latency.since($0.latency) } ?? counts.latency
        Console.log(
            "streams \(counts.streamsStarted - (earlier?.streamsStarted ?? 0)), "
                + "messages \(counts.messages - (earlier?.messages ?? 0)), "
                + "refused \(counts.refusedMessages - (earlier?.refusedMessages ?? 0)); "
                + "socket to row p50 \(SystemInfo.round(latency.microseconds(at: 0.5))) µs, "
                + "p99 \(SystemInfo.round(latency.microseconds(at: 0.99))) µs")
        let delays =
            earlier.map { counts.signalDelays.histogram.since($0.signalDelays.histogram) }
            ?? counts.signalDelays.histogram
        guard delays.count > 0, let worst = counts.signalDelays.worst else { return }
        Console.log(
            "signals \(delays.count); decision to emission p50 \(SystemInfo.round(delays.microseconds(at: 0.5) / 1_000)) ms, "
                + "p99 \(SystemInfo.round(delays.microseconds(at: 0.99) / 1_000)) ms, "
                + "maximum \(SystemInfo.round(worst.milliseconds)) ms (\(worst.signal))")
    }
}
