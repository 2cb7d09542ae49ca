import ArgumentParser
import SidetoneTerminal

struct Monitor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows active calls live in a terminal: levels, timelines, events.",
        discussion: """
            Arrow keys select a call, Enter opens it, Escape returns, q quits. If standard output is not a terminal, or \
            with --once, the state is printed once.
            """)

    @Argument(help: "URL of the monitor, such as http://127.0.0.1:8080.")
    var url: String

    @Option(help: "ID of the call to open first.")
    var call: String?

    @Flag(help: "Print the state once and exit.")
    var once = false

    @OptionGroup var access: MonitorOptions
    @OptionGroup var trust: TrustOptions

    private var look: TerminalStyle {
        guard Console.isTerminal else { return .plain }
        return (SystemInfo.environment("NO_COLOR") ?? "").isEmpty ? .coloured : .marked
    }

    func run() async throws {
        let monitor = try MonitorCommand(
            url: url, call: call, token: access.token, trust: try trust.trust,
            look: look)
        do {
            if !once, try await monitor.run() { return }
            for line in try await monitor.snapshot() { Console.print(line) }
        } catch {
            throw CommandFailure(message: "\(error)", code: 1)
        }
    }
}
