import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A program in a process of its own. Everything that it prints is kept, and every wait for it is bounded.
final class RunningProgram: Sendable {
    /// What was printed so far, read on a thread of its own: the pool has few, and a server in this process needs them.
    private final class Printed: Sendable {
        private let state = Mutex((bytes: Data(), isOver: false))

        init(_ pipe: Pipe) {
            Thread.detachNewThread { [self] in
                while true {
                    let data = pipe.fileHandleForReading.availableData
                    state.withLock { state in
                        state.bytes += data
                        state.isOver = data.isEmpty
                    }
                    if data.isEmpty { return }
                }
            }
        }

        var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
        var isOver: Bool { state.withLock { $0.isOver } }
    }

    private let process = Process()
    private let name: String
    private let hasEnded = Mutex(false)
    private let out: Printed
    private let err: Printed
    private let standardInput = Pipe()

    /// - Parameters:
    ///   - environment: variables that differ from this process's.
    ///   - isMerged: whether standard error is read as part of standard output.
    init(
        _ path: String, _ arguments: [String], in folder: String = Project.root, environment: [String: String] = [:],
        isMerged: Bool = false, hasInput: Bool = false
    ) throws {
        name = ([URL(filePath: path).lastPathComponent] + arguments).joined(separator: " ")
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        let output = Pipe()
        let messages = isMerged ? output : Pipe()
        process.standardOutput = output
        process.standardError = messages
        process.standardInput = hasInput ? standardInput : FileHandle.nullDevice
        out = Printed(output)
        err = isMerged ? out : Printed(messages)
        process.terminationHandler = { [weak self] _ in self?.hasEnded.withLock { $0 = true } }
        do { try process.run() } catch {
            // The readers' threads end with the pipes.
            try? output.fileHandleForWriting.close()
            try? messages.fileHandleForWriting.close()
            throw error
        }
    }

    /// A test that fails leaves no program behind.
    deinit { send(SIGKILL) }

    /// Standard output so far.
    var output: String { out.text }
    /// Standard error so far.
    var messages: String { err.text }
    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { !hasEnded.withLock { $0 } }

    private var seen: String {
        let printed = out === err ? output : output + messages
        return "\(isRunning ? "it runs" : "it ended with \(process.terminationStatus)"), and printed \"\(printed)\""
    }

    /// Waits until what it has printed holds something, and gives that.
    ///
    /// - Parameters:
    ///   - what: what is waited for, such as "the address it listens on".
    ///   - find: looks for it in the whole lines of both streams.
    func waitFor<Found>(_ what: String, find: (String) -> Found?) async throws -> Found {
        try await Wait.until("\(name) prints \(what)") {
            // Asked before the text is: what it printed last is seen once it has ended.
            let isOver = out.isOver && err.isOver
            let text = out === err ? out.text : out.text + err.text
            if let found = find(String(text.prefix(upTo: text.lastIndex(of: "\n") ?? text.startIndex))) {
                return .done(found)
            }
            if isOver { throw Wait.TimedOut(description: "\(name) never printed \(what); \(seen)") }
            return .seen(seen)
        }
    }

    /// Waits for a line that begins with these words, and gives the rest of it.
    func line(after words: String) async throws -> String {
        try await waitFor("\"\(words)\"") { text in
            text.split(separator: "\n").first { $0.hasPrefix(words) }.map { String($0.dropFirst(words.count)) }
        }
    }

    /// Waits for its end; one that does not end is a failure of the test, and is killed.
    ///
    /// - Returns: its status, or the number of the signal that ended it.
    @discardableResult
    func waitForEnd(within limit: Duration = Wait.patience) async -> Int32 {
        do {
            try await Wait.until("\(name) ends", within: limit, seen: { seen }) {
                !isRunning && out.isOver && err.isOver
            }
        } catch {
            Issue.record("\(error)")
            send(SIGKILL)
            return -1
        }
        return process.terminationStatus
    }

    func send(_ signal: Int32) { if isRunning { kill(process.processIdentifier, signal) } }

    /// Nothing more comes on its standard input.
    func closeInput() throws { try standardInput.fileHandleForWriting.close() }
}
