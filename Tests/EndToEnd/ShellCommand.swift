import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// One line as a user types it, run by the shell; `sidetone` is the program that was built with the tests.
final class ShellCommand: Sendable {
    private let program: RunningProgram

    init(_ command: String, in folder: String, environment: [String: String] = [:]) throws {
        let programs = URL(filePath: Program.path).deletingLastPathComponent().path
        let path = "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")"
        program = try RunningProgram(
            "/bin/bash",
            // `exec` hands the signal that ends a server to the server itself.
            ["-c", command.hasPrefix("sidetone ") ? "exec \(command)" : command], in: folder,
            environment: ["PATH": path].merging(environment) { $1 }, isMerged: true)
    }

    /// Waits until all of the words were printed, each in a whole line.
    ///
    /// - Returns: everything printed so far.
    @discardableResult
    func waitFor(_ words: [String]) async throws -> String {
        try await program.waitFor("\(words)") { text in words.allSatisfy(text.contains) ? text : nil }
    }

    /// Waits for its end; gives its status and everything it printed.
    func finish() async -> (status: Int32, output: String) {
        let status = await program.waitForEnd(within: .seconds(300))
        return (status, program.output)
    }

    /// What it has printed so far.
    var output: String { program.output }
    var isRunning: Bool { program.isRunning }

    /// Sends it SIGTERM.
    func stop() { program.send(SIGTERM) }

    /// Ends it at once.
    func end() { program.send(SIGKILL) }
}
