import ArgumentParser
import Foundation
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePlayback
import SidetoneServer
import Testing
import sidetone

/// What a call delivers besides media: webhooks, status callbacks, recordings.
@Suite(.serialized) struct FlowDeliveryTests {
    /// A sample flow with its streams sent to `stream` and its status callbacks to `hooks`.
    private static func options(_ flow: String, stream: String, hooks: String, in folder: TemporaryFolder) throws
        -> CallOptions
    {
        var text = try String(contentsOfFile: "\(FlowTests.folder)/\(flow).json", encoding: .utf8)
        for (old, new) in [("wss://rx.example.org/media", stream), ("https://hooks.example.org", hooks)] {
            text = text.replacingOccurrences(of: old, with: new)
        }
        var options = try CallOptions.parse([])
        options.actions = try folder.write(".flow.json", text: text)
        options.platform = flow.hasPrefix("swml") ? "signalwire" : "minivoice"
        options.inbound = Project.sample("overtalk-inbound.wav")
        options.outbound = Project.sample("overtalk-outbound.wav")
        options.pace = "max"
        options.speech = "tone"
        options.allowLoopback = true
        options.receiver.trust.insecure = true
        options.webhookURL = "\(hooks)/hook"
        options.recordings = "\(folder.path)/recordings"
        return options
    }

    /// The names of the events received by a server, in order of arrival.
    private func events(_ requests: [String], at path: String = "/hook") -> [String] {
        requests.filter { $0.hasPrefix("POST \(path) ") }.compactMap { line in
            let body = line.dropFirst("POST \(path) ".count)
            let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            if let params = object?["params"] as? [String: Any] { return params["state"] as? String }
            return object?["event"] as? String
        }
    }

    private func play(
        _ flow: String, adjust: @Sendable @escaping (inout CallOptions) -> Void = { _ in }
    ) async throws -> (outcome: FlowCommand.Outcome, requests: [String], folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let run = try await LiveServer.run(tls: true) {
            $0.source?.dialect = flow.hasPrefix("swml") ? "signalwire" : "minivoice"
        } _: { server in
            try await DocumentServer.run(["hook": "{}", "stream": "{}"]) { hooks in
                var options = try Self.options(flow, stream: server.url, hooks: hooks.url, in: folder)
                adjust(&options)
                return (try await FlowCommand(options).run(), hooks.requests)
            }
        }
        return (run.value.0, run.value.1, folder)
    }

    @Test func `a recording is reported and stored: both sides, from start to stop`() async throws {
        let run = try await play("minivoice/stop_recording")
        #expect(
            events(run.requests) == [
                "call.created", "call.answered", "recording.started", "recording.completed", "call.completed",
            ])
        #expect(run.outcome.deliveries.counts.delivered == 5)
        let call = try #require(run.outcome.calls.first)
        #expect(call.failures == [])
        let recording = try #require(run.outcome.recordings.first)
        #expect(recording.id == "rec_\(call.callID)")
        #expect(recording.status == "completed")
        let said = Int(try #require(call.actions.first { $0.name == "say" }?.ended))
        let both = try Samples.read("\(run.folder.path)/recordings/\(recording.id).wav")
        let left = stride(from: 0, to: both.count, by: 2).map { both[$0] }
        #expect(left == Array(try Samples.read(Project.sample("overtalk-inbound.wav")).prefix(said)))
    }

    @Test func `a recording without a stop ends with the call`() async throws {
        let run = try await play("minivoice/start_recording") { $0.hangUpAfter = 3 }
        #expect(run.outcome.recordings.map(\.status) == ["completed"])
        #expect(Set(events(run.requests)).isSuperset(of: ["recording.completed", "call.completed"]))
    }

    @Test func `a stream's status goes to the URL in its document`() async throws {
        let run = try await play("swml/stop_stream")
        #expect(events(run.requests, at: "/stream") == ["streaming", "finished"])
    }

    @Test func `gathered digits are reported`() async throws {
        let run = try await play("minivoice/gather") { $0.digits = "1234#" }
        #expect(events(run.requests) == ["call.created", "call.answered", "call.gathered", "call.completed"])
        #expect(run.requests.contains { $0.contains("\"digits\":\"1234\"") })
    }

    @Test func `the completion webhook is sent even if the stream's receiver fails`() async throws {
        let folder = try TemporaryFolder()
        let run = try await DocumentServer.run(["hook": "{}"]) { hooks in
            let options = try Self.options(
                "minivoice/start_stream", stream: "wss://127.0.0.1:1/media", hooks: hooks.url, in: folder)
            return (try await FlowCommand(options).run(), hooks.requests)
        }
        #expect(events(run.1) == ["call.created", "call.answered", "call.completed"])
        #expect(run.0.calls.first?.failures.count == 1)
    }

    @Test func `faults apply to the streams of a flow, too`() async throws {
        let run = try await play("minivoice/start_stream") {
            $0.fault = "drop=5%,duplicate=5%,webhooks=duplicate"
            $0.seed = 7
        }
        let faults = try #require(run.outcome.calls.first?.streams.first?.play.faults)
        #expect(faults.dropped > 0)
        #expect(faults.duplicated > 0)
        #expect(Set(events(run.requests)) == ["call.created", "call.answered", "call.completed"])
    }
}
