import SidetoneModel
import SidetonePlayback
import Testing

@testable import SidetonePlayback

@Suite(.timeLimit(.minutes(1))) struct MessageFeedTests {
    private func messages(_ numbers: Range<Int>) -> [TimedMessage] {
        numbers.map { TimedMessage(due: Double($0), message: .text("\($0)")) }
    }

    private func taken(_ feed: MessageFeed, count: Int) throws -> [NextMessage] {
        try (0..<count).map { _ in try feed.next() }
    }

    @Test func `messages come out in their order, and then there are none yet, or none any more`() throws {
        let feed = MessageFeed()
        #expect(try feed.next() == .notYet)
        feed.add(messages(0..<600))
        #expect(try taken(feed, count: 400) == messages(0..<400).map { .message($0) })
        feed.add(messages(600..<900))
        feed.end()
        #expect(try taken(feed, count: 501) == messages(400..<900).map { .message($0) } + [.over])
    }

    @Test func `a full feed refuses, does not grow, and says that the receiver is too slow`() throws {
        let feed = MessageFeed()
        #expect(feed.add(messages(0..<MessageFeed.limit)))
        #expect(feed.failure == nil)
        #expect(!feed.add(messages(0..<1)))
        #expect(throws: MessageFeed.Overfull.self) { try feed.next() }
        #expect(!feed.add(messages(0..<1)))
    }

    @Test func `without room, the sender waits until there is some, or the feed ends`() async throws {
        let feed = MessageFeed()
        feed.add(messages(0..<MessageFeed.low))
        await feed.room()
        feed.add(messages(0..<2))
        async let waited: Void = feed.room()
        _ = try taken(feed, count: 2)
        await waited
        feed.add(messages(0..<500))
        async let again: Void = feed.room()
        feed.abandon()
        await again
    }

    @Test func `new messages and their end are notified`() async {
        let feed = MessageFeed()
        let (news, told) = AsyncStream.makeStream(of: Void.self)
        feed.onMessages { told.yield() }
        feed.add(messages(0..<1))
        feed.end()
        var count = 0
        for await _ in news {
            count += 1
            if count == 2 { break }
        }
        #expect(count == 2)
    }
}
