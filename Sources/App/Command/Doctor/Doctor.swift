import ArgumentParser
import SidetoneCallControl
import SidetoneDiagnostics
import SidetoneJSON

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Diagnoses why a stream does not arrive; stops at the first failed check and suggests a fix.",
        discussion: """
            The checks, in order: the answer_url answers, its document is \
            valid, the stream's URL is secure and resolves, its port accepts connections, TLS and the certificate, the \
            upgrade, the token, one second of audio, and the receiver's counters. For a past call, --call \
            compares the receiver's log with the webhooks. The exit status is 1 if a check failed.
            """)

    @OptionGroup var options: DoctorOptions

    @Option(help: "Output format: text or json.")
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

    /// One row per completed step, with its advice below.
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
