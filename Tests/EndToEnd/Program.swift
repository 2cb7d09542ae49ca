import Foundation

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
        try await run(process(arguments, in: folder), environment)
    }

    /// Runs any program to its end.
    static func run(_ process: Process, _ environment: [String: String]) async throws -> Result {
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        let output = Pipe()
        let messages = Pipe()
        process.standardOutput = output
        process.standardError = messages
        let ended = ended(process)
        try process.run()
        // Both pipes are read side by side, so that neither fills up.
        async let text = read(output)
        async let told = read(messages)
        for await _ in ended {}
        return Result(status: process.terminationStatus, output: await text, messages: await told)
    }

    static func process(_ arguments: [String], in folder: String) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        return process
    }

    /// Ends when the process does.
    static func ended(_ process: Process) -> AsyncStream<Void> {
        AsyncStream { continuation in process.terminationHandler = { _ in continuation.finish() } }
    }

    /// On a thread of its own: the pool has few, and a server in this process needs them.
    private static func read(_ pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}

/// A program that nobody here wrote the parts of: a script in Python, of `Peers`, on libraries of others.
enum Peer {
    static let python = "\(Project.root)/.venv-peers/bin/python"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    /// Runs it to its end.
    ///
    /// - Parameter environment: variables that differ from this process's.
    static func run(
        _ script: String, _ arguments: [String], python: String = python, environment: [String: String] = [:]
    ) async throws -> Program.Result {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["\(Project.root)/Tests/EndToEnd/Peers/\(script)"] + arguments
        return try await Program.run(process, environment)
    }
}
