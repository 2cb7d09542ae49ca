import ArgumentParser
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneJSON
import SidetonePlayback

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends a captured stream again, message for message.")

    @Argument(help: "A capture.jsonl.")
    var capture: String

    @Option(help: "The receiver's address, wss:// or ws://.")
    var to: String

    @Option(help: "1 is the capture's own pace, 4 four times as fast, max as fast as the receiver takes it.")
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
