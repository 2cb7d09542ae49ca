import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import Testing

@testable import SidetoneEmulator

@Suite struct DeliveryQueueTests {
    private static func webhook(_ call: String, event: WebhookEvent) -> OutgoingWebhook {
        OutgoingWebhook(
            MiniVoiceWebhook(
                event: event, createdAt: UTCTime(unixMs: 0),
                call: WebhookCall(id: call, status: "in_progress", direction: .inbound)),
            to: "https://hooks.example.org/mv", secret: nil)
    }

    /// Takes what is due now: call and event of each, with its id.
    private static func due(_ queue: inout DeliveryQueue, now: Double) -> [(id: Int, what: String)] {
        var sent: [(Int, String)] = []
        while case .send(let id, let webhook) = queue.next(now: now) {
            sent.append((id, "\(webhook.callID) \(webhook.label)"))
        }
        return sent
    }

    @Test func `the webhooks of one call go one after another, those of several side by side`() {
        var queue = DeliveryQueue(DeliverySettings())
        for event in [WebhookEvent.callCreated, .callAnswered] {
            for call in ["a", "b"] { queue.add(Self.webhook(call, event: event), now: 0) }
        }
        let first = Self.due(&queue, now: 0)
        #expect(first.map(\.what) == ["a call.created", "b call.created"])
        queue.ended(id: first[1].id, .answered(status: 204, retryAfter: nil), now: 0.1)
        #expect(Self.due(&queue, now: 0.1).map(\.what) == ["b call.answered"])
        #expect(queue.counts.delivered == 1)
    }

    @Test func `a failed delivery is retried after increasing delays, then given up and reported`() {
        var settings = DeliverySettings()
        settings.attempts = 5
        var queue = DeliveryQueue(settings, seed: 3)
        queue.add(Self.webhook("a", event: .callCreated), now: 0)
        queue.add(Self.webhook("a", event: .callCompleted), now: 0)
        var now = 0.0
        var waits: [Double] = []
        for attempt in 1...5 {
            let sent = Self.due(&queue, now: now)
            #expect(sent.map(\.what) == ["a call.created"])
            queue.ended(
                id: sent[0].id, attempt == 2 ? .failed("no connection") : .answered(status: 500, retryAfter: nil),
                now: now)
            guard attempt < 5, case .wait(let until) = queue.next(now: now) else { break }
            waits.append(until - now)
            now = until
        }
        // Half to the whole of 0.5, 1, 2 and 4 s.
        #expect(waits.count == 4)
        for (wait, whole) in zip(waits, [0.5, 1, 2, 4]) { #expect((whole / 2...whole).contains(wait)) }
        #expect(queue.counts.givenUp == 1 && queue.counts.attempts == 5)
        #expect(
            queue.failures == [
                "call.created to https://hooks.example.org: given up after 5 attempts: the receiver answered 500"
            ])
        // The call's next one goes on all the same.
        #expect(Self.due(&queue, now: now).map(\.what) == ["a call.completed"])
    }

    @Test func `a receiver's wish to wait is followed, up to a limit`() {
        for (asked, expected) in [(20.0, 20.0), (86_400.0, 120.0)] {
            var queue = DeliveryQueue(DeliverySettings())
            queue.add(Self.webhook("a", event: .callCreated), now: 0)
            let sent = Self.due(&queue, now: 0)
            queue.ended(id: sent[0].id, .answered(status: 503, retryAfter: asked), now: 1)
            #expect(queue.next(now: 1) == .wait(until: 1 + expected))
        }
    }

    @Test func `what may never be requested is given up at once`() {
        var queue = DeliveryQueue(DeliverySettings())
        queue.add(Self.webhook("a", event: .callCreated), now: 0)
        let sent = Self.due(&queue, now: 0)
        queue.ended(id: sent[0].id, .forbidden("a private address"), now: 0)
        #expect(queue.isEmpty && queue.counts.givenUp == 1 && queue.counts.attempts == 1)
    }

    @Test func `a full queue refuses, counts and does not grow`() {
        var settings = DeliverySettings()
        settings.queue = 10
        var queue = DeliveryQueue(settings)
        for n in 0..<100 { queue.add(Self.webhook("\(n)", event: .callCreated), now: 0) }
        #expect(queue.counts.refused == 90)
        queue.stop()
        #expect(queue.counts.unfinished == 10 && queue.failures.count == 10)
    }

    @Test func `no more than so many attempts are under way`() {
        var queue = DeliveryQueue(DeliverySettings())
        for n in 0..<100 { queue.add(Self.webhook("\(n)", event: .callCreated), now: 0) }
        #expect(Self.due(&queue, now: 0).count == DeliverySettings().concurrent)
    }

    @Test func `faults double, swap and delay, and the same seed does the same`() {
        func play(_ faults: FaultPlan.Webhooks, seed: UInt64) -> ([String], DeliveryCounts) {
            var queue = DeliveryQueue(DeliverySettings(), faults: faults, seed: seed)
            for event in WebhookEvent.all { queue.add(Self.webhook("a", event: event), now: 0) }
            var order: [String] = []
            while true {
                let sent = Self.due(&queue, now: FaultPlan.Webhooks.mostDelay)
                guard let one = sent.first else { break }
                order.append(one.what)
                queue.ended(id: one.id, .answered(status: 200, retryAfter: nil), now: FaultPlan.Webhooks.mostDelay)
            }
            return (order, queue.counts)
        }
        let plain = WebhookEvent.all.map { "a \($0)" }
        #expect(play([], seed: 1).0 == plain)
        let (doubled, doubles) = play(.duplicate, seed: 1)
        #expect(doubled.count == plain.count + doubles.duplicated && doubles.duplicated > 0)
        let (swapped, swaps) = play(.reorder, seed: 1)
        #expect(swapped != plain && swapped.sorted() == plain.sorted() && swaps.reordered > 0)
        #expect(play([.duplicate, .reorder], seed: 5).0 == play([.duplicate, .reorder], seed: 5).0)
        var delayed = DeliveryQueue(DeliverySettings(), faults: .delay, seed: 1)
        delayed.add(Self.webhook("a", event: .callCreated), now: 0)
        guard case .wait(let until) = delayed.next(now: 0) else {
            Issue.record("not delayed")
            return
        }
        #expect((0...FaultPlan.Webhooks.mostDelay).contains(until))
    }

    @Test(
        arguments: [
            ("120", 120), ("0", 0), ("Thu, 01 Jan 1970 00:01:30 GMT", 90), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("soon", nil), ("-1", nil), ("", nil),
        ] as [(String, Double?)])
    func `Retry-After is seconds or a date`(value: String, expected: Double?) {
        #expect(RetryAfter.seconds(value, nowMs: 0) == expected)
    }
}
