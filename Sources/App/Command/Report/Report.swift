import ArgumentParser

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Writes a call as one HTML file: lanes, waveform, spectrogram, totals, events; opens without a network.")

    @Argument(help: "An audio file or a capture.jsonl; or the id of a call below --directory.")
    var target: String

    @Option(help: "The output directory of the pipeline, for a call's id.")
    var directory: String = "out"

    @Option(name: .shortAndLong, help: "The file to write; else the call's name with .html.")
    var output: String?

    @Flag(help: "Puts the recording into the file, to be played there.")
    var audio = false

    @OptionGroup var log: LogOptions

    func run() async throws {
        let logger = try log.logger("sidetone")
        let run = try ReportCommand(target, directory: directory, keepsAudio: audio, output: output, logger: logger)
        do { Console.print(try await run.run()) } catch { throw CommandFailure(message: "\(error)", code: 1) }
    }
}
