import ArgumentParser

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Writes a call as one self-contained HTML file: timelines, waveform, spectrogram, totals, events.")

    @Argument(help: "Audio file or capture.jsonl, or the ID of a call below --directory.")
    var target: String

    @Option(help: "Output directory of the pipeline, for the ID of a call.")
    var directory: String = "out"

    @Option(name: .shortAndLong, help: "Output file; by default the call's name with .html.")
    var output: String?

    @Flag(help: "Embed the recording for playback.")
    var audio = false

    @OptionGroup var log: LogOptions

    func run() async throws {
        let logger = try log.logger("sidetone")
        let run = try ReportCommand(target, directory: directory, keepsAudio: audio, output: output, logger: logger)
        do { Console.print(try await run.run()) } catch { throw CommandFailure(message: "\(error)", code: 1) }
    }
}
