import Foundation
import NIOPosix
import SidetonePlayback

/// Synthesises speech with `espeak-ng`. The text is passed on standard input, so that it cannot be interpreted as
/// options.
package struct EspeakSpeech: SpeechMaker {
    /// Maximum length of a text in bytes: about ten minutes.
    static let mostBytes = 10_000
    /// Time limit of the program, in seconds.
    static let patience = 20.0

    private let program: String

    /// - Returns: nil when the program is not installed.
    package init?() {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        guard
            let program = folders.map({ "\($0)/espeak-ng" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else { return nil }
        self.program = program
    }

    package func speech(_ text: String, sampleRate: Int) async throws -> [Int16] {
        guard text.utf8.count <= Self.mostBytes else {
            throw SpeechError("the text has \(text.utf8.count) bytes; at most \(Self.mostBytes) can be spoken")
        }
        // Waiting for a process blocks: it runs on a thread of the pool.
        let wav = try await NIOThreadPool.singleton.runIfActive { try run(text) }
        guard let sound = SpokenSound(wav: wav) else { throw SpeechError("espeak-ng produced no readable audio") }
        var resampler = Resampler(from: sound.sampleRate, to: sampleRate)
        return resampler.process(sound.samples) + resampler.finish()
    }

    private func run(_ text: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["--stdin", "--stdout"]
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw SpeechError("espeak-ng cannot be started (\(error))") }
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience, execute: deadline)
        defer { deadline.cancel() }
        // The text fits the pipe, so this never waits for the program.
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? input.fileHandleForWriting.close()
        let sound = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SpeechError("espeak-ng ended with status \(process.terminationStatus)")
        }
        return Array(sound)
    }
}
