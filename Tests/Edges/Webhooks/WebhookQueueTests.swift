import SidetoneModel
import Testing

@testable import SidetoneWebhooks

@Suite struct WebhookQueueTests {
    private func webhook(_ key: String) -> ReceivedWebhook {
        ReceivedWebhook(key: key, entry: CallLogEntry(time: 0, log: .webhook, call: "CA1", event: key))
    }

    @Test func `an event is taken once`() async {
        let queue = WebhookQueue(limit: 10, seen: 100, seenS: 600)
        #expect(queue.offer(webhook("a"), now: 0) == .taken)
        #expect(queue.offer(webhook("a"), now: 1) == .repeated)
        #expect(queue.offer(webhook("b"), now: 1) == .taken)
        #expect(await queue.nextBatch()?.map(\.event) == ["a", "b"])
        #expect(queue.offer(webhook("a"), now: 599) == .repeated)
        #expect(queue.offer(webhook("a"), now: 601) == .taken)
    }

    @Test func `what finds no room is taken when it comes again`() async {
        let queue = WebhookQueue(limit: 2, seen: 100, seenS: 600)
        for key in ["a", "b"] { #expect(queue.offer(webhook(key), now: 0) == .taken) }
        #expect(queue.offer(webhook("c"), now: 0) == .full)
        #expect(await queue.nextBatch()?.count == 2)
        #expect(queue.offer(webhook("c"), now: 0) == .taken)
    }

    @Test func `more events than can be known again are refused, not forgotten`() async {
        let queue = WebhookQueue(limit: 10, seen: 2, seenS: 600)
        #expect(["a", "b", "c"].map { queue.offer(webhook($0), now: 0) } == [.taken, .taken, .full])
        #expect(queue.offer(webhook("a"), now: 0) == .repeated)
    }

    @Test func `what waits is given after the queue is closed, then nothing`() async {
        let queue = WebhookQueue(limit: 10, seen: 100, seenS: 600)
        #expect(queue.offer(webhook("a"), now: 0) == .taken)
        queue.close()
        #expect(await queue.nextBatch()?.count == 1)
        #expect(await queue.nextBatch() == nil)
    }
}
