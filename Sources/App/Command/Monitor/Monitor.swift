import ArgumentParser
import SidetoneTerminal

struct Monitor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows active calls live in a terminal: levels, lanes, events.",
        discussion: """
            Arrow keys choose a call, Enter looks at it, Escape goes back, q ends. Where standard output is no terminal, or \
            with --once, the state is printed once.
            """)

    @Argument(help: "The monitor's address, such as http://127.0.0.1:8080.")
    var url: String

    @Option(help: "The id of the call to look at first.")
    var call: String?

    @Flag(help: "Prints the state once, and ends.")
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
