import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

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

    var id: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end; gives its status, or the number of the signal that ended it.
    func waitForEnd() async -> Int32 {
        for await _ in ended {}
        return process.terminationStatus
    }
}
