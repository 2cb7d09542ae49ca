import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// One line as a user types it, run by the shell; `sidetone` is the program that was built with the tests.
final class ShellCommand: Sendable {
    private let process = Process()
    private let ended: AsyncStream<Void>
    private let said = Said()

    /// What it has written so far, on both streams.
    private final class Said: Sendable {
        struct State {
            var text = ""
            var isOver = false
            var whoWaits: [CheckedContinuation<Void, Never>] = []
        }
        let state = Mutex(State())

        func add(_ text: String) {
            let waiting = state.withLock { state in
                state.text += text
                state.isOver = text.isEmpty
                defer { state.whoWaits = [] }
                return state.whoWaits
            }
            for one in waiting { one.resume() }
        }

        /// Waits until the text fits, or is over.
        func text(until fits: (String) -> Bool) async -> String {
            while true {
                let (text, isOver) = state.withLock { ($0.text, $0.isOver) }
                if isOver || fits(text) { return text }
                await withCheckedContinuation { continuation in
                    let isNew = state.withLock { state in
                        guard state.text == text, !state.isOver else { return true }
                        state.whoWaits.append(continuation)
                        return false
                    }
                    if isNew { continuation.resume() }
                }
            }
        }
    }

    init(_ command: String, in folder: String, environment: [String: String] = [:]) throws {
        let programs = URL(filePath: Program.path).deletingLastPathComponent().path
        process.executableURL = URL(filePath: "/bin/bash")
        // `exec` hands the signal that ends a server to the server itself.
        process.arguments = ["-c", command.hasPrefix("sidetone ") ? "exec \(command)" : command]
        process.currentDirectoryURL = URL(filePath: folder)
        var inherited = ProcessInfo.processInfo.environment
        inherited["PATH"] = "\(programs):\(inherited["PATH"] ?? "/usr/bin")"
        process.environment = inherited.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        ended = Program.ended(process)
        try process.run()
        let said = said
        // On a thread of its own: the pool has few, and a server in this process needs them.
        Thread.detachNewThread {
            while true {
                let data = output.fileHandleForReading.availableData
                said.add(String(decoding: data, as: UTF8.self))
                if data.isEmpty { return }
            }
        }
    }

    struct Silent: Error { var output: String }

    /// Waits until all of the words were said, each in a whole line.
    ///
    /// - Returns: everything said so far.
    @discardableResult
    func waitFor(_ words: [String]) async throws -> String {
        let fits: (String) -> Bool = { text in
            let whole = text.prefix(upTo: text.lastIndex(of: "\n") ?? text.startIndex)
            return words.allSatisfy(whole.contains)
        }
        let text = await said.text(until: fits)
        guard fits(text) else { throw Silent(output: text) }
        return text
    }

    /// Waits for its end; gives its status and everything it said.
    func finish() async -> (status: Int32, output: String) {
        let text = await said.text { _ in false }
        for await _ in ended {}
        return (process.terminationStatus, text)
    }

    var isRunning: Bool { process.isRunning }

    /// Sends it SIGTERM.
    func stop() { process.terminate() }

    /// Ends it at once.
    func end() { kill(process.processIdentifier, SIGKILL) }
}
