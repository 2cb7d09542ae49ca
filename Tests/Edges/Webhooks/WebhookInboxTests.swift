import SidetoneModel
import SidetonePlatforms
import Testing

@testable import SidetoneWebhooks

@Suite struct WebhookInboxTests {
    private func inbox(limit: Int = 10, capacity: Int = 100) -> WebhookInbox {
        WebhookInbox(limit: limit, capacity: capacity, windowS: 600)
    }

    private func webhook(
        _ key: String, from platform: any Platform.Type = MiniVoice.self, isVerified: Bool = true
    ) -> ReceivedWebhook {
        var entry = CallLogEntry(time: 0, log: .webhook, call: "CA1", event: key)
        entry.isVerified = isVerified
        return ReceivedWebhook(platform: platform.name, key: key, entry: entry)
    }

    @Test func `an event is accepted once, and is known only after it was written`() {
        let inbox = inbox()
        #expect(inbox.admit(webhook("a"), now: 0) == .accepted)
        #expect(inbox.admit(webhook("a"), now: 0) == .inProgress)
        inbox.finish(webhook("a"), wasWritten: true, now: 0)
        #expect(inbox.admit(webhook("a"), now: 599) == .repeated)
        #expect(inbox.admit(webhook("a"), now: 601) == .accepted)
    }

    @Test func `an event that could not be written is accepted again`() {
        let inbox = inbox()
        for _ in 0..<3 {
            #expect(inbox.admit(webhook("a"), now: 0) == .accepted)
            inbox.finish(webhook("a"), wasWritten: false, now: 0)
        }
    }

    @Test func `an event refused at the limit is accepted once others are written`() {
        let inbox = inbox(limit: 2)
        for key in ["a", "b"] { #expect(inbox.admit(webhook(key), now: 0) == .accepted) }
        #expect(inbox.admit(webhook("c"), now: 0) == .full)
        #expect(inbox.admit(webhook("c", from: Twilio.self), now: 0) == .full, "the limit is for all platforms")
        inbox.finish(webhook("a"), wasWritten: true, now: 0)
        #expect(inbox.admit(webhook("c"), now: 0) == .accepted)
    }

    @Test func `events beyond the capacity are refused rather than forgotten, also while being written`() {
        let inbox = inbox(capacity: 2)
        for key in ["a", "b"] { #expect(inbox.admit(webhook(key), now: 0) == .accepted) }
        #expect(inbox.admit(webhook("c"), now: 0) == .full)
        for key in ["a", "b"] { inbox.finish(webhook(key), wasWritten: true, now: 0) }
        #expect(inbox.admit(webhook("c"), now: 0) == .full)
        #expect(inbox.admit(webhook("a"), now: 0) == .repeated)
        #expect(inbox.admit(webhook("c"), now: 600) == .accepted)
    }

    @Test func `the same key from two platforms is two events, and each platform has its own capacity`() {
        let inbox = inbox(capacity: 1)
        for (platform, _) in PlatformCatalog.withWebhooks {
            #expect(inbox.admit(webhook("a", from: platform), now: 0) == .accepted)
            inbox.finish(webhook("a", from: platform), wasWritten: true, now: 0)
            #expect(inbox.admit(webhook("b", from: platform), now: 0) == .full)
        }
    }

    @Test func `unauthenticated senders have separate capacity and cannot mark other events as repeated`() {
        let inbox = inbox(limit: 1_000, capacity: 100)
        let forged = (0..<20).map { webhook("forged \($0)", isVerified: false) }
        let admissions = forged.map { event in
            let admission = inbox.admit(event, now: 0)
            if admission == .accepted { inbox.finish(event, wasWritten: true, now: 0) }
            return admission
        }
        #expect(admissions.count { $0 == .accepted } == 10 && admissions.count { $0 == .full } == 10)
        #expect(
            inbox.admit(webhook("forged 0"), now: 0) == .accepted, "a signed event is not a repetition of a forged one")
        inbox.finish(webhook("forged 0"), wasWritten: true, now: 0)
        for number in 0..<99 {
            let event = webhook("real \(number)")
            #expect(inbox.admit(event, now: 0) == .accepted)
            inbox.finish(event, wasWritten: true, now: 0)
        }
    }

    @Test func `a clock that steps back does not forget events`() {
        let inbox = inbox()
        #expect(inbox.admit(webhook("a"), now: 10_000) == .accepted)
        inbox.finish(webhook("a"), wasWritten: true, now: 10_000)
        #expect(inbox.admit(webhook("a"), now: 0) == .repeated)
        #expect(inbox.admit(webhook("a"), now: 10_599) == .repeated)
    }
}
