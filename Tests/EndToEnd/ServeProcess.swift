import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

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
        let process = process(arguments, in: folder)
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

/// `sidetone serve` in a process of its own, to be ended by signals.
final class ServeProcess: Sendable {
    let url: String
    private let process: Process
    private let ended: AsyncStream<Void>

    /// Starts a pipeline without TLS that writes all files below `output`, and waits until it listens.
    ///
    /// - Parameter moreSinks: lines of the pipeline file.
    init(output: TemporaryFolder, drainS: Int = 10, moreSinks: String = "") async throws {
        let file = try output.write(
            ".pipeline.yaml",
            """
            sources:
              - websocket: { listen: "127.0.0.1:0", plain: true, dialect: twilio, drain_s: \(drainS) }
            stages:
              - measure: { features: [level, spectrum, speech] }
              - signal
            sinks:
              - wav: { directory: "\(output.path)" }
              - csv: { directory: "\(output.path)" }
              - jsonl: { directory: "\(output.path)" }
              - summary: { directory: "\(output.path)" }
              - capture: { directory: "\(output.path)" }
            \(moreSinks)
            """)
        process = Program.process(["serve", file, "--threads", "1"], in: output.path)
        let messages = Pipe()
        process.standardError = messages
        ended = Program.ended(process)
        try process.run()
        url = try await Self.address(messages)
    }

    struct NotListening: Error { var messages: String }

    @concurrent private static func address(_ messages: Pipe) async throws -> String {
        var text = ""
        while true {
            let data = messages.fileHandleForReading.availableData
            guard !data.isEmpty else { throw NotListening(messages: text) }
            text += String(decoding: data, as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("listening on ") }),
                text.hasSuffix("\n")
            {
                return String(line.dropFirst("listening on ".count))
            }
        }
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end; gives its status, or the number of the signal that ended it.
    func waitForEnd() async -> Int32 {
        for await _ in ended {}
        return process.terminationStatus
    }
}
