import Testing

@testable import SidetoneMonitor

@Suite struct EventQueueTests {
    private func numbers(_ items: [EventQueue.Item]) -> [String] {
        items.map { item in
            switch item {
            case .event(let number, _): "\(number)"
            case .gap(let range, let reason): "\(range.lowerBound)-\(range.upperBound) \(reason)"
            }
        }
    }

    @Test func `a full queue drops the newest signals and reports their numbers`() async {
        let queue = EventQueue(EventFilter(), first: [])
        for number in 1...(EventQueue.limit + 50) { queue.offer(number: Int64(number), json: []) }
        let items = await queue.next() ?? []
        #expect(items.count == EventQueue.limit + 1)
        #expect(numbers(items).last == "\(EventQueue.limit + 1)-\(EventQueue.limit + 50) slow")
        queue.offer(number: 5_000, json: [])
        #expect(numbers(await queue.next() ?? []) == ["5000"])
    }

    @Test func `a closed queue yields its items, then ends`() async {
        let queue = EventQueue(EventFilter(), first: [])
        queue.offer(number: 1, json: [])
        queue.close()
        #expect(numbers(await queue.next() ?? []) == ["1"])
        #expect(await queue.next() == nil)
    }

    @Test func `a waiting consumer is woken by an event, by a keep-alive and by the end`() async {
        let queue = EventQueue(EventFilter(), first: [])
        async let first = queue.next()
        queue.offer(number: 1, json: [])
        #expect(numbers(await first ?? []) == ["1"])
        async let second = queue.next()
        queue.ping()
        #expect(await second?.isEmpty == true)
        let third = Task { await queue.next() }
        third.cancel()
        #expect(await third.value == nil)
    }

    @Test func `a write in progress is timed`() {
        let queue = EventQueue(EventFilter(), first: [])
        let now = ContinuousClock.now
        #expect(queue.blocked(at: now + .seconds(60)) == .zero)
        queue.write(isUnderWay: true)
        #expect(queue.blocked(at: now + .seconds(60)) >= .seconds(59))
        queue.write(isUnderWay: false)
        #expect(queue.blocked(at: now + .seconds(60)) == .zero)
    }

    @Test func `events are written in the format of EventSource`() {
        let items: [EventQueue.Item] = [.event(number: 7, json: Array("{}".utf8)), .gap(8...9, reason: "slow")]
        let expected = """
            id: 7
            event: signal
            data: {}

            event: gap
            data: {"from":8,"to":9,"reason":"slow"}


            """
        #expect(String(decoding: EventText.text(items), as: UTF8.self) == expected)
        #expect(EventText.text([]) == Array(":\n\n".utf8))
    }
}
