import SidetoneSignatures
import Testing

@Suite struct DeduplicationCacheTests {
    @Test func `an ID is new once`() {
        var cache = DeduplicationCache(capacity: 10, windowS: 600)
        #expect(cache.insert("evt_1", now: 0) == .fresh)
        #expect(cache.insert("evt_2", now: 1) == .fresh)
        #expect(cache.insert("evt_1", now: 599.9) == .repeated)
        #expect(cache.count == 2)
        #expect(cache.repeated == 1)
    }

    @Test func `an ID expires after the window, counted from its first delivery`() {
        var cache = DeduplicationCache(capacity: 10, windowS: 600)
        #expect(cache.insert("evt_1", now: 0) == .fresh)
        #expect(cache.insert("evt_1", now: 500) == .repeated)
        #expect(cache.insert("evt_1", now: 600) == .fresh)
        #expect(cache.count == 1)
    }

    @Test func `when the cache is full the newest is refused and counted, and the old ones stay known`() {
        var cache = DeduplicationCache(capacity: 2, windowS: 600)
        #expect(cache.insert("a", now: 0) == .fresh)
        #expect(cache.insert("b", now: 1) == .fresh)
        #expect(cache.insert("c", now: 2) == .full)
        #expect(cache.insert("a", now: 3) == .repeated)
        #expect(cache.overflowed == 1)
        #expect(cache.insert("c", now: 600) == .fresh)
        #expect(cache.count == 2)
    }

    @Test func `a clock that steps back expires nothing and keeps the order`() {
        var cache = DeduplicationCache(capacity: 10, windowS: 600)
        #expect(cache.insert("a", now: 1_000) == .fresh)
        #expect(cache.insert("b", now: 100) == .fresh)
        #expect(cache.insert("a", now: 50) == .repeated)
        #expect(cache.insert("b", now: 1_599) == .repeated)
        #expect(cache.insert("b", now: 1_600) == .fresh)
    }

    @Test func `a hundred thousand IDs stay within the capacity`() {
        var cache = DeduplicationCache(capacity: 100, windowS: 10)
        var fresh = 0
        for n in 0..<100_000 where cache.insert("evt_\(n)", now: Double(n) / 10) == .fresh { fresh += 1 }
        #expect(fresh == 100_000)
        #expect(cache.count == 100)
    }
}
