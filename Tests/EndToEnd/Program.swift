import Foundation
import Testing

/// The program, as a user runs it.
enum Program {
    /// Lies beside the tests.
    static var path: String {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "sidetone").path
    }

    struct Result: Sendable {
        var status: Int32
        var output: String
        var messages: String
    }

    /// Runs it to its end, in the project's folder.
    ///
    /// - Parameter environment: variables that differ from this process's.
    static func run(
        _ arguments: [String], in folder: String = Project.root, environment: [String: String] = [:]
    ) async throws -> Result {
        try await run(path, arguments: arguments, in: folder, environment: environment)
    }

    /// Runs any program to its end, which must come within ten minutes.
    static func run(
        _ path: String, arguments: [String], in folder: String = Project.root, environment: [String: String] = [:]
    ) async throws -> Result {
        let program = try RunningProgram(path, arguments, in: folder, environment: environment)
        let status = await program.waitForEnd(within: .seconds(600))
        return Result(status: status, output: program.output, messages: program.messages)
    }
}

/// A program that nobody here wrote the parts of: a script in Python, of `Peers`, on libraries of others; or sox.
enum Peer {
    static let python = "\(Project.root)/.venv-peers/bin/python"

    /// A program that `make test` installs is not there.
    struct Missing: Error, CustomStringConvertible {
        var program: String
        var description: String { "\(program) is not installed; `make test` installs it, or run .ci/peers" }
    }

    /// Runs a script to its end.
    ///
    /// - Parameter environment: variables that differ from this process's.
    static func run(
        _ script: String, arguments: [String], python: String = python, environment: [String: String] = [:]
    ) async throws -> Program.Result {
        let program = try start(script, arguments: arguments, python: python, environment: environment)
        let status = await program.waitForEnd(within: .seconds(600))
        return Program.Result(status: status, output: program.output, messages: program.messages)
    }

    /// Starts a script.
    static func start(
        _ script: String, arguments: [String], python: String = python, environment: [String: String] = [:],
        hasInput: Bool = false
    ) throws -> RunningProgram {
        guard FileManager.default.isExecutableFile(atPath: python) else { throw Missing(program: python) }
        return try RunningProgram(
            python, ["\(Project.root)/Tests/EndToEnd/Peers/\(script)"] + arguments, environment: environment,
            hasInput: hasInput)
    }

    /// Where a program of others lies.
    static func find(_ program: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let path = folders.lazy.map { "\($0)/\(program)" }.first(where: FileManager.default.isExecutableFile)
        guard let path else { throw Missing(program: program) }
        return path
    }
}
