import ArgumentParser
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneJSON
import SidetonePlayback

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replays a captured stream, message by message.")

    @Argument(help: "A capture.jsonl file.")
    var capture: String

    @Option(help: "Stream URL of the receiver, wss:// or ws://.")
    var to: String

    @Option(
        help: "Playback speed: 1 is the original pace, 4 is four times as fast, max is as fast as the receiver accepts."
    )
    var pace: String = "1"

    @OptionGroup var receiver: ReceiverOptions

    func run() async throws {
        let report: ReplayCommand.Report
        do {
            report = try await ReplayCommand(
                capture: capture, url: to, pace: pace, bearer: receiver.token, trust: try receiver.trust.trust
            ).run()
        } catch let error as Diagnostics {
            throw error
        } catch {
            throw CommandFailure(message: "\(error)", code: 2)
        }
        Console.print("messages \(report.messages), bytes \(report.bytes)")
        if let failure = report.failure { throw CommandFailure(message: failure, code: 1) }
    }
}
