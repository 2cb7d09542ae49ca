import ArgumentParser
import SidetoneCallControl

/// Plays a platform. Two ways in:
///
///     sidetone call --url wss://127.0.0.1:8443/media --ca cert.pem --inbound Samples/calls/overtalk-inbound.wav
///     sidetone call --actions Samples/flows/minivoice/gather.json --digits '1234#' --platform minivoice --pace max
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a platform: carries out a call's actions, or streams its audio to one receiver.",
        discussion: """
            With --url, both tracks go to one receiver. With --answer-url or --actions, the call does what the document says: \
            MiniVoice actions or SWML, strictly in order, streams in the background.
            """)

    @OptionGroup var options: CallOptions

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let report: MediaCallCommand.Report
        var outcome: FlowCommand.Outcome?
        if options.followsDocument {
            let flows = try await FlowCommand(options).run { Console.log("listening on \($0)") }
            report = MediaCallCommand.Report(flows)
            outcome = flows
        } else {
            report = try await MediaCallCommand(options).run()
        }
        show(report, outcome: outcome)
        for failure in Set(report.failures).sorted() { Console.log(failure) }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }
}
