import SidetonePipeline
import Testing

@Suite(.timeLimit(.minutes(1))) struct MailboxTests {
    @Test func `a full mailbox refuses the newest, counts it and does not grow`() {
        let mailbox = Mailbox<Int>(limit: 3)
        #expect((0..<5).map { mailbox.offer($0) } == [true, true, true, false, false])
        #expect(mailbox.count == 3)
        #expect(mailbox.refused == 2)
        let batch = mailbox.take()
        #expect(batch?.items == [0, 1, 2])
        #expect(batch?.refused == 2)
    }

    @Test func `what is taken makes room, and its refusals are told once`() {
        let mailbox = Mailbox<Int>(limit: 1)
        mailbox.offer(0)
        mailbox.offer(1)
        #expect(mailbox.take()?.refused == 1)
        #expect(mailbox.take() == nil)
        #expect(mailbox.offer(2))
        #expect(mailbox.take()?.refused == 0)
        #expect(mailbox.refused == 1)
    }

    @Test func `what must not be lost is taken even when the mailbox is full`() {
        let mailbox = Mailbox<Int>(limit: 1)
        for number in 0..<3 { mailbox.always(number) }
        #expect(!mailbox.offer(3))
        #expect(mailbox.take()?.items == [0, 1, 2])
    }

    @Test func `a closed mailbox takes nothing and gives what it holds`() async {
        let mailbox = Mailbox<Int>(limit: 3)
        mailbox.offer(0)
        mailbox.close()
        mailbox.close()
        #expect(!mailbox.offer(1))
        mailbox.always(2)
        #expect(mailbox.refused == 2)
        #expect(await mailbox.next()?.items == [0])
        #expect(await mailbox.next() == nil)
        #expect(await mailbox.next() == nil)
    }

    @Test func `a waiting consumer is woken by an element and by the close`() async {
        let mailbox = Mailbox<Int>(limit: 3)
        async let first = mailbox.next()
        mailbox.offer(7)
        #expect(await first?.items == [7])
        async let last = mailbox.next()
        mailbox.close()
        #expect(await last == nil)
    }

    @Test func `what gathers is taken together, and at once when the mailbox is closed`() async {
        let mailbox = Mailbox<Int>(limit: 100)
        for number in 0..<3 { mailbox.offer(number) }
        #expect(await mailbox.next(gathering: .milliseconds(5))?.items == [0, 1, 2])
        mailbox.offer(3)
        mailbox.close()
        #expect(await mailbox.next(gathering: .seconds(3_600))?.items == [3])
        #expect(await mailbox.next(gathering: .seconds(3_600)) == nil)
    }

    @Test func `a quarter of the room ends the gathering`() async {
        let mailbox = Mailbox<Int>(limit: 8)
        for number in 0..<2 { mailbox.offer(number) }
        #expect(await mailbox.next(gathering: .seconds(3_600))?.items == [0, 1])
    }

    @Test(arguments: [1, 16, 100_000])
    func `of many producers each element is taken once in order, or refused and counted`(limit: Int) async {
        let (producers, each) = (8, 2_000)
        let mailbox = Mailbox<(producer: Int, number: Int)>(limit: limit)
        let (accepted, taken, told) = await withTaskGroup(of: Int.self) { group in
            for producer in 0..<producers {
                group.addTask { (0..<each).count { mailbox.offer((producer, $0)) } }
            }
            async let all = Self.consume(mailbox)
            var accepted = 0
            for await count in group { accepted += count }
            mailbox.close()
            let (items, refused) = await all
            return (accepted, items, refused)
        }
        #expect(taken.count == accepted)
        #expect(accepted + mailbox.refused == producers * each)
        // Refusals after the last batch are in the count of all only.
        #expect(told <= mailbox.refused)
        for producer in 0..<producers {
            let numbers = taken.filter { $0.producer == producer }.map(\.number)
            #expect(numbers == numbers.sorted())
            #expect(Set(numbers).count == numbers.count)
        }
    }

    private static func consume(
        _ mailbox: Mailbox<(producer: Int, number: Int)>
    ) async -> (items: [(producer: Int, number: Int)], refused: Int) {
        var items: [(producer: Int, number: Int)] = []
        var refused = 0
        while let batch = await mailbox.next() {
            items += batch.items
            refused += batch.refused
        }
        return (items, refused)
    }
}
