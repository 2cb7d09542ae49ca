import ArgumentParser
import SidetoneConfiguration

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Validates pipeline files, action documents and SWML without running them; reports every problem at once.",
        discussion: """
            The kind of a file follows from its content: `sources`, `stages` and `sinks` mean a pipeline file, `actions` an action \
            document of MiniVoice, `sections` SWML in JSON or YAML. No other file and no network is accessed. The exit status \
            is 2 if there is any problem.
            """)

    @Argument(help: "Files; - is standard input.")
    var files: [String]

    @Option(help: "Output format: text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("- is given twice; standard input can be read only once")
        }
    }

    func run() async throws {
        let report = CheckReport(files.map { FileCheck.read($0) })
        switch format {
        case .text: for line in report.lines { Console.print(line) }
        case .json: Console.print(report.json)
        }
        if !report.isClean { throw ExitCode(2) }
    }
}
