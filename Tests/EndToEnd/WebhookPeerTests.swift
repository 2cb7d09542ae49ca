import Foundation
import NIOPosix
import SidetoneCallControl
import SidetoneCallFlow
import SidetoneHTTP
import Testing

/// A customer that nobody here wrote: a web server in Python takes the emulator's webhooks.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WebhookPeerTests {
    static let python = "/usr/bin/python3"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    private struct Report: Decodable {
        var requests: Int
        var forged: Int
        var repeated: Int
        var taken: [String]
    }

    /// Plays a call's moments to the receiver.
    private func play(faults: FaultPlan.Webhooks) async throws -> (WebhookSender.Report, Report, callbacks: Int) {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = ["\(Project.root)/Tests/EndToEnd/Peers/take_webhooks.py", "\(folder.path)/report.json"]
        process.environment = ["WEBHOOK_SECRET": "sidetone-demo-secret"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        let ended = Program.ended(process)
        try process.run()
        let first = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(first.trimmingCharacters(in: .whitespacesAndNewlines)))
        var settings = DeliverySettings()
        settings.firstDelay = 0.02
        let client = GuardedHTTPClient(
            gate: AddressGuard(allowsLoopback: true), limits: settings.limits,
            group: MultiThreadedEventLoopGroup.singleton)
        let wallClock: @Sendable () -> UTCTime = { UTCTime(unixMs: Int64(Date().timeIntervalSince1970 * 1_000)) }
        let sender = WebhookSender(settings, faults: faults, seed: 7, wallClock: wallClock, client: client)
        let teller = CallTeller(
            sender: sender, webhookURL: "http://127.0.0.1:\(port)/mv", secret: Secret("sidetone-demo-secret"),
            wallClock: wallClock)
        async let running: Void = sender.run()
        var active = ActiveStreams()
        let streams = [WebMethod.post, .get].compactMap { method in
            active.start(
                StreamRequest(
                    url: "wss://rx.example.org/in", tracks: .both, statusURL: "http://127.0.0.1:\(port)/status",
                    statusMethod: method))
        }
        let call = WebhookCall(id: "call_demo7", status: "dialing", direction: .inbound)
        var happenings: [FlowMoment.Happening] = [.created(call), .answered]
        happenings +=
            streams.map { .streamStarted($0) } + streams.map { .streamFinished($0, failure: "the receiver died") }
        happenings.append(.completed(reason: "hang-up"))
        for happening in happenings {
            await teller.happened(FlowMoment(callID: call.id, position: 0, variables: [:], happening: happening))
        }
        let report = await sender.finish(within: .seconds(30))
        await running
        await client.close()
        try input.fileHandleForWriting.close()
        for await _ in ended {}
        let bytes = try folder.bytes("report.json")
        let callbacks = (try JSONSerialization.jsonObject(with: bytes) as? [String: Any])?["callbacks"] as? [Any]
        return (report, try JSONDecoder().decode(Report.self, from: bytes), callbacks?.count ?? 0)
    }

    @Test(.enabled(if: isInstalled, "Python is not installed here"))
    func `a receiver that fails twice gets every webhook of the call, once and in order, signed`() async throws {
        let (sent, seen, callbacks) = try await play(faults: [])
        #expect(seen.taken == ["call.created", "call.answered", "call.completed"])
        #expect(seen.forged == 0 && seen.repeated == 0 && seen.requests == 5)
        #expect(callbacks == 4)
        // Three webhooks, two of their attempts in vain, and four callbacks.
        #expect(sent.counts.delivered == 7 && sent.counts.attempts == 9 && sent.failures.isEmpty)
    }

    @Test(.enabled(if: isInstalled, "Python is not installed here"))
    func `an idempotent receiver bears duplicates and disorder`() async throws {
        let (sent, seen, _) = try await play(faults: [.duplicate, .reorder])
        #expect(seen.taken.sorted() == ["call.answered", "call.completed", "call.created"])
        #expect(sent.counts.duplicated > 0 && seen.repeated <= sent.counts.duplicated && seen.forged == 0)
    }
}
