import Foundation
import Testing

/// Runs the program as a user does.
enum Program {
    /// The executable, in the folder of the tests.
    static var path: String {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "sidetone").path
    }

    struct Result: Sendable {
        var status: Int32
        var output: String
        var messages: String
    }

    /// Runs it to its end, in the project folder.
    ///
    /// - Parameter environment: variables that differ from this process's.
    static func run(
        _ arguments: [String], in folder: String = Project.root, environment: [String: String] = [:]
    ) async throws -> Result {
        try await run(path, arguments: arguments, in: folder, environment: environment)
    }

    /// Runs any program to its end, for at most ten minutes.
    static func run(
        _ path: String, arguments: [String], in folder: String = Project.root, environment: [String: String] = [:]
    ) async throws -> Result {
        let program = try RunningProgram(path, arguments, in: folder, environment: environment)
        let status = await program.waitForEnd(within: .seconds(600))
        return Result(status: status, output: program.output, messages: program.messages)
    }
}

/// Independent programs: Python scripts in `Peers` based on third-party libraries, or sox.
enum Peer {
    static let python = "\(Project.root)/.venv-peers/bin/python"

    /// A program installed by `make test` is missing.
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

    /// The path of an independent program.
    static func find(_ program: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let path = folders.lazy.map { "\($0)/\(program)" }.first(where: FileManager.default.isExecutableFile)
        guard let path else { throw Missing(program: program) }
        return path
    }
}
