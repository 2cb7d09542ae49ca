import ArgumentParser
import SidetoneAssembly
import SidetoneCallFlow

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends a captured stream again, message for message.")

    @Argument(help: "A capture.jsonl.")
    var capture: String

    @Option(help: "The receiver's address, wss:// or ws://.")
    var to: String

    @Option(help: "1 is the capture's own pace, 4 four times as fast, max as fast as the receiver takes it.")
    var pace: String = "1"

    @Option(help: "A bearer token for the upgrade; better in SIDETONE_BEARER, which no process list shows.")
    var bearer: String?

    @Option(help: "A PEM file with the certificate authority to trust.")
    var ca: String?

    @Flag(help: "Trusts any certificate: for development only.")
    var insecure = false

    func run() async throws {
        let report: ReplayRun.Report
        do {
            report = try await ReplayRun(
                capture: capture, url: to, pace: pace, bearer: bearer ?? Machine.environment("SIDETONE_BEARER"), ca: ca,
                insecure: insecure
            ).run()
        } catch let error as SettingsError {
            throw error
        } catch {
            throw CommandFailure(message: "\(error)", code: 2)
        }
        Console.print("messages \(report.messages), bytes \(report.bytes)")
        if let failure = report.failure { throw CommandFailure(message: failure, code: 1) }
    }
}
