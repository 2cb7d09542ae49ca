import ArgumentParser
import SidetoneCallControl
import SidetoneDiagnostics
import SidetoneJSON

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds out why a platform's stream does not come, and says what to do.",
        discussion: """
            Walks the debug order and stops at the first step that is broken: the answer_url answers, its document is \
            valid, the stream's URL is secure and resolves, something listens there, TLS and the certificate, the \
            upgrade, the token, a second of audio, and what the receiver counted of it. Of a call that was, --call \
            compares what the receiver saw with what the webhooks said. The status is 1 when a step failed.
            """)

    @OptionGroup var options: DoctorOptions

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let format = format
        let report = try await DoctorCommand(options).run { step in
            if format == .text { for line in Self.lines(step) { Console.print(line) } }
        }
        switch format {
        case .text: for finding in report.findings.all { Console.print("  \(finding)") }
        case .json: Console.print(DoctorCommand.json(report))
        }
        if !report.isHealthy { throw ExitCode(1) }
    }

    /// A row as soon as the step is done; what to do below it.
    private static func lines(_ step: DiagnosisStep) -> [String] {
        let mark =
            switch step.outcome {
            case .passed: "ok"
            case .warned: "warning"
            case .failed: "FAILED"
            case .skipped: "-"
            }
        let row = "\(pad(step.name.rawValue, width: 12))\(pad(mark, width: 9))\(step.detail)"
        return step.advice.isEmpty ? [row] : [row, pad("", width: 21) + step.advice]
    }

    private static func pad(_ text: String, width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
