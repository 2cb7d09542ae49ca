import ArgumentParser
import SidetoneCallControl

/// Emulates a platform, in one of two ways:
///
///     sidetone call --url wss://127.0.0.1:8443/media --ca cert.pem --inbound Samples/calls/overtalk-inbound.wav
///     sidetone call --actions Samples/flows/minivoice/gather.json --digits '1234#' --platform minivoice --pace max
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Emulates a platform: executes a call's actions, or streams its audio to one receiver.",
        discussion: """
            With --url, both tracks go to one receiver. With --answer-url or --actions, the call executes the document: \
            MiniVoice actions or SWML, strictly in order, with streams in the background.
            """)

    @OptionGroup var options: CallOptions

    @Option(help: "Output format: text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard options.url != nil || options.answerURL != nil || options.actions != nil else {
            throw ValidationError("nothing to do; specify --url, --answer-url or --actions")
        }
    }

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
