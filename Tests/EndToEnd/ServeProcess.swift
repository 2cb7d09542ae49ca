import Foundation

/// `sidetone serve` in a separate process, ended by signals.
final class ServeProcess: Sendable {
    let url: String
    private let program: RunningProgram

    /// Starts a pipeline without TLS that writes all files below `output`, and waits until it listens.
    ///
    /// - Parameter moreSinks: lines of the pipeline file.
    init(output: TemporaryFolder, drainTimeoutS: Int = 10, moreSinks: String = "") async throws {
        let file = try output.write(
            ".pipeline.yaml",
            text: """
                sources:
                  - websocket: { listen: "127.0.0.1:0", allow_plaintext: true, dialect: twilio, drain_timeout_s: \(drainTimeoutS) }
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
        program = try RunningProgram(Program.path, ["serve", file, "--threads", "1"], in: output.path)
        url = try await program.line(after: "listening on ")
    }

    var id: Int32 { program.id }

    func send(_ signal: Int32) { program.send(signal) }

    /// Waits for its end; returns its exit status, or the number of the signal that ended it.
    func waitForEnd() async -> Int32 { await program.waitForEnd() }
}
