import ArgumentParser

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Server, emulated call and results in one process: no phone, no network, no arguments.")

    @Option(help: "Playback speed: 1 is real time, max is as fast as possible.")
    var pace: String = "1"

    @Option(name: .shortAndLong, help: "Output directory.")
    var output: String = "out"

    @Flag(help: "Keep the dashboard open after the call, until Ctrl-C.")
    var dashboard = false

    @OptionGroup var log: LogOptions

    func run() async throws {
        var log = log
        if log.logLevel == "notice" { log.logLevel = "warning" }
        let logger = try log.logger("sidetone")
        let report = try await DemoCommand(pace: pace, output: output, waits: dashboard, logger: logger).run {
            Console.print($0)
        }
        var table = TextTable(header: ["track", "seconds", "rows", "speech s", "level dBFS", "packets", "gaps"])
        for track in report.tracks {
            table.add([
                track.role, SystemInfo.fixed(track.seconds, decimals: 2), "\(track.rows)",
                SystemInfo.fixed(track.speechSeconds, decimals: 2),
                SystemInfo.fixed(track.levelDBFS, decimals: 1), "\(track.packets)", "\(track.gaps)",
            ])
        }
        Console.print("")
        for line in table.lines { Console.print(line) }
        Console.print("")
        Console.print("signals: " + report.signals.map { "\($0.name) \($0.count)" }.joined(separator: ", "))
        Console.print("written:")
        for file in report.files { Console.print("  \(file)") }
        if let failure = report.failure { throw CommandFailure(message: failure, code: 1) }
    }
}
