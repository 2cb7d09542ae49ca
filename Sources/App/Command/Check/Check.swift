import ArgumentParser
import SidetoneConfiguration

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates pipeline files, action documents and SWML without running them: every problem at once.",
        discussion: """
            A file is known by what it holds: `sources`, `stages` and `sinks` make a pipeline file, `actions` an action \
            document of MiniVoice, `sections` SWML in JSON or YAML. No other file and no network is touched. The status \
            is 2 when anything is wrong.
            """)

    @Argument(help: "Files; - is standard input.")
    var files: [String]

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("- is there twice; standard input can be read once")
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
