import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import Testing

@Suite struct CallLifecycleTests {
    /// The events that a story sends, each with the call's status.
    private func events(_ story: [CallLifecycle.Happening]) -> [String] {
        var life = CallLifecycle(WebhookCall(id: "c1", status: "", direction: .inbound, from: "+4930111222"))
        return story.flatMap { life.happen($0) }.map { "\($0.event) \($0.call.status)" }
    }

    @Test func `a call is created, answered and completed`() {
        #expect(
            events([.created, .answered, .ended])
                == ["call.created dialing", "call.answered in_progress", "call.completed completed"])
    }

    @Test func `a call that is never answered fails`() {
        #expect(events([.created, .failed(reason: "busy")]) == ["call.created dialing", "call.failed failed"])
        #expect(events([.created, .ended]) == ["call.created dialing", "call.failed failed"])
        #expect(events([.created, .answered, .failed(reason: "x"), .ended]).last == "call.failed failed")
    }

    @Test func `what cannot happen sends nothing`() {
        #expect(events([.answered, .ended, .startRecording, .recordingReady]) == [])
        #expect(events([.created, .created]).count == 1)
        #expect(events([.created, .answered, .answered, .ended, .ended, .answered, .created]).count == 3)
    }

    @Test func `a recording starts, and completes when its file is ready`() {
        #expect(
            events([.created, .answered, .startRecording, .stopRecording, .recordingReady, .recordingReady]).dropFirst(
                2)
                == ["recording.started in_progress", "recording.completed in_progress"])
    }

    @Test func `a recording outlives its call`() {
        #expect(
            events([.created, .answered, .startRecording, .ended, .recordingReady]).dropFirst(2)
                == ["recording.started in_progress", "call.completed completed", "recording.completed completed"])
    }

    @Test func `a recording that cannot start or stop fails`() {
        #expect(events([.created, .startRecording]).last == "recording.failed dialing")
        #expect(events([.created, .answered, .stopRecording]).last == "recording.failed in_progress")
        #expect(events([.created, .answered, .startRecording, .startRecording]).last == "recording.failed in_progress")
        #expect(events([.created, .answered, .startRecording, .recordingLost]).last == "recording.failed in_progress")
        #expect(events([.created, .answered, .recordingLost]).count == 2)
    }

    @Test func `gathered digits are reported while the call is active`() {
        let data = GatheredData(digits: "12", status: .completed, timedOut: false, request: GatherRequest())
        #expect(events([.gathered(data), .created, .answered, .gathered(data), .ended, .gathered(data)]).count == 4)
    }

    @Test func `what is due becomes a webhook that reads back, with its key and a reduced call for recordings`() throws
    {
        var life = CallLifecycle(WebhookCall(id: "c1", status: "", direction: .outbound, from: "+4930111222"))
        _ = life.happen(.created)
        _ = life.happen(.answered)
        let due = try #require(life.happen(.startRecording).first)
        let webhook = due.webhook(at: UTCTime(unixMs: 1_772_615_707_000))
        #expect(try MiniVoiceWebhook.read(webhook.write()) == webhook)
        #expect(
            String(decoding: webhook.write(), as: UTF8.self)
                == #"{"event":"recording.started","created_at":"2026-03-04T09:15:07Z","call":{"id":"c1","#
                + #""status":"in_progress","direction":"outbound"},"variables":{},"data":{"recording_id":"rec_c1","#
                + #""status":"started","call_id":"c1","event_key":"c1:recording.started"}}"#)
    }

    @Test func `a second recording has an id of its own`() {
        var life = CallLifecycle(WebhookCall(id: "c1", status: "", direction: .inbound))
        for step in [.created, .answered, .startRecording, .stopRecording, .recordingReady, .startRecording]
            as [CallLifecycle.Happening]
        {
            _ = life.happen(step)
        }
        #expect(life.recordingID == "rec_c1_2")
    }

    @Test func `no story whatever sends two ends or anything but recordings after the end`() {
        var random = SplitMix64(seed: 77)
        let happenings: [CallLifecycle.Happening] = [
            .created, .answered, .startRecording, .stopRecording, .recordingReady, .recordingLost, .ended,
            .failed(reason: "x"),
        ]
        for _ in 0..<2_000 {
            let sent = events((0..<14).map { _ in happenings.randomElement(using: &random) ?? .ended })
            let names = sent.compactMap { $0.split(separator: " ").first }
            let ends = names.indices.filter { names[$0] == "call.completed" || names[$0] == "call.failed" }
            #expect(ends.count <= 1, "seed 77")
            if let end = ends.first {
                #expect(names[(end + 1)...].allSatisfy { $0.hasPrefix("recording.") }, "seed 77")
            }
        }
    }
}
