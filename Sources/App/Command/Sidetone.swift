import ArgumentParser
import Logging
import SidetoneConfiguration
import SidetoneJSON

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Data on standard output, messages on standard error. Exit codes: 0 success, 1 partial failure, 2 invalid input or
/// settings, 64 usage, 70 internal error, 75 temporary failure, retry.
@main
struct Sidetone: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sidetone",
        abstract: "Turns live telephone audio into speech signals.",
        version: "0.1.0",
        subcommands: [
            Analyze.self, Call.self, Calls.self, Check.self, Demo.self, Describe.self, Doctor.self, Export.self,
            Monitor.self, Purge.self, Replay.self, Report.self, Serve.self,
        ])

    static func main() async {
        // A write to a closed socket or pipe is an error, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        Descriptors.raiseLimit()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as Diagnostics {
            Console.fail("\(error)", code: 2)
        } catch let error as CommandFailure {
            Console.fail(error.message, code: error.code)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty { code == .success ? Console.print(text) : Console.log(text) }
            exit(withError: code)
        }
    }
}

/// Ends the program with a message and an exit status.
struct CommandFailure: Error {
    var message: String
    var code: Int32
}

/// Logging options, common to several commands.
struct LogOptions: ParsableArguments {
    @Option(help: "Log level on standard error: trace, debug, info, notice, warning or error.")
    var logLevel: String = "notice"

    func logger(_ label: String) throws -> Logger {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw ValidationError(
                "--log-level is \"\(logLevel)\"; expected trace, debug, info, notice, warning or error")
        }
        LoggingSystem.bootstrap { TerminalLogHandler(label: $0) }
        var logger = Logger(label: label)
        logger.logLevel = level
        return logger
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
