import SidetonePipeline
import Testing

@Suite(.timeLimit(.minutes(1))) struct BoundedQueueTests {
    @Test func `a full queue refuses the newest, counts it and does not grow`() {
        let queue = BoundedQueue<Int>(limit: 3)
        #expect((0..<5).map { queue.enqueue($0) } == [true, true, true, false, false])
        #expect(queue.count == 3)
        #expect(queue.refused == 2)
        let batch = queue.dequeue()
        #expect(batch?.items == [0, 1, 2])
        #expect(batch?.refused == 2)
    }

    @Test func `dequeuing frees capacity, and refusals are reported once`() {
        let queue = BoundedQueue<Int>(limit: 1)
        queue.enqueue(0)
        queue.enqueue(1)
        #expect(queue.dequeue()?.refused == 1)
        #expect(queue.dequeue() == nil)
        #expect(queue.enqueue(2))
        #expect(queue.dequeue()?.refused == 0)
        #expect(queue.refused == 1)
    }

    @Test func `exempt elements are enqueued even when the queue is full`() {
        let queue = BoundedQueue<Int>(limit: 1)
        for number in 0..<3 { queue.enqueueExempt(number) }
        #expect(!queue.enqueue(3))
        #expect(queue.dequeue()?.items == [0, 1, 2])
    }

    @Test func `a closed queue accepts nothing and yields what it holds`() async {
        let queue = BoundedQueue<Int>(limit: 3)
        queue.enqueue(0)
        queue.close()
        queue.close()
        #expect(!queue.enqueue(1))
        queue.enqueueExempt(2)
        #expect(queue.refused == 2)
        #expect(await queue.nextBatch()?.items == [0])
        #expect(await queue.nextBatch() == nil)
        #expect(await queue.nextBatch() == nil)
    }

    @Test func `a waiting consumer is woken by an element and by the close`() async {
        let queue = BoundedQueue<Int>(limit: 3)
        async let first = queue.nextBatch()
        queue.enqueue(7)
        #expect(await first?.items == [7])
        async let last = queue.nextBatch()
        queue.close()
        #expect(await last == nil)
    }

    @Test func `collected elements are dequeued together, and at once when the queue is closed`() async {
        let queue = BoundedQueue<Int>(limit: 100)
        for number in 0..<3 { queue.enqueue(number) }
        #expect(await queue.nextBatch(every: .milliseconds(5))?.items == [0, 1, 2])
        queue.enqueue(3)
        queue.close()
        #expect(await queue.nextBatch(every: .seconds(3_600))?.items == [3])
        #expect(await queue.nextBatch(every: .seconds(3_600)) == nil)
    }

    @Test func `a quarter of the capacity ends the collection`() async {
        let queue = BoundedQueue<Int>(limit: 8)
        for number in 0..<2 { queue.enqueue(number) }
        #expect(await queue.nextBatch(every: .seconds(3_600))?.items == [0, 1])
    }

    @Test(arguments: [1, 16, 100_000])
    func `each element of many producers is dequeued once in order, or refused and counted`(limit: Int) async {
        let (producers, each) = (8, 2_000)
        let queue = BoundedQueue<(producer: Int, number: Int)>(limit: limit)
        let (accepted, taken, told) = await withTaskGroup(of: Int.self) { group in
            for producer in 0..<producers {
                group.addTask { (0..<each).count { queue.enqueue((producer, $0)) } }
            }
            async let all = Self.consume(queue)
            var accepted = 0
            for await count in group { accepted += count }
            queue.close()
            let (items, refused) = await all
            return (accepted, items, refused)
        }
        #expect(taken.count == accepted)
        #expect(accepted + queue.refused == producers * each)
        // Refusals after the last batch are in the count of all only.
        #expect(told <= queue.refused)
        for producer in 0..<producers {
            let numbers = taken.filter { $0.producer == producer }.map(\.number)
            #expect(numbers == numbers.sorted())
            #expect(Set(numbers).count == numbers.count)
        }
    }

    private static func consume(
        _ queue: BoundedQueue<(producer: Int, number: Int)>
    ) async -> (items: [(producer: Int, number: Int)], refused: Int) {
        var items: [(producer: Int, number: Int)] = []
        var refused = 0
        while let batch = await queue.nextBatch() {
            items += batch.items
            refused += batch.refused
        }
        return (items, refused)
    }

    // MARK: Shares

    private var shares: QueueLimits {
        var limits = QueueLimits()
        limits.bytes = 1_000
        limits.share = 100
        limits.ownerBytes = 150
        limits.reserve = 70
        limits.exempt = 4
        return limits
    }

    @Test func `an owner loses what exceeds its share and the reserve, without affecting other owners`() {
        let queue = BoundedQueue<Int>(shares)
        // The first two owners draw on the reserve, to its end.
        #expect((0..<20).filter { queue.enqueue($0, bytes: 10, owner: 1) }.count == 15)
        #expect((0..<20).filter { queue.enqueue($0, bytes: 10, owner: 2) }.count == 12)
        // The others have their shares all the same.
        for owner in UInt(3)...6 { #expect((0..<20).filter { queue.enqueue($0, bytes: 10, owner: owner) }.count == 10) }
        #expect(queue.bytes == 150 + 120 + 4 * 100)
        #expect(queue.refused == 5 + 8 + 4 * 10)
        #expect(queue.dequeue()?.items.count == 67)
        // What was taken counts no more.
        #expect(queue.bytes == 0)
        #expect((0..<20).filter { queue.enqueue($0, bytes: 10, owner: 1) }.count == 15)
    }

    @Test func `a queue never exceeds its byte limit, whoever the owners are`() {
        let queue = BoundedQueue<Int>(shares)
        #expect((0..<40).filter { queue.enqueue($0, bytes: 100, owner: UInt($0)) }.count == 10)
        #expect(queue.bytes == 1_000)
    }

    @Test func `exempt elements are bounded by refusing new owners`() {
        let queue = BoundedQueue<Int>(shares)
        #expect((0..<6).map { queue.enqueueExempt($0, opensOwner: true) } == [true, true, true, true, false, false])
        #expect(queue.enqueueExempt(6))
        #expect(queue.dequeue()?.items == [0, 1, 2, 3, 6])
        #expect(queue.enqueueExempt(7, opensOwner: true))
    }

    @Test func `an owner that fills its share wakes the consumer early`() async {
        let queue = BoundedQueue<Int>(shares)
        queue.enqueue(0, bytes: 60, owner: 1)
        #expect(await queue.nextBatch(every: .seconds(3_600))?.items == [0])
    }

    @Test func `the shares of as many streams as may run fit into a sink's queue`() {
        for streams in [1, 10, 1_000, 100_000] {
            let limits = QueueLimits(maxStreams: streams)
            #expect(limits.share * streams + limits.reserve <= limits.bytes)
            #expect(limits.exempt >= streams * 4)
        }
    }
}
