import SidetoneSignatures
import Testing

@Suite struct SeenIDsTests {
    @Test func `an id is fresh once`() {
        var seen = SeenIDs(limit: 10, lifetimeS: 600)
        #expect(seen.insert("evt_1", now: 0) == .fresh)
        #expect(seen.insert("evt_2", now: 1) == .fresh)
        #expect(seen.insert("evt_1", now: 599.9) == .repeated)
        #expect(seen.count == 2)
        #expect(seen.repeated == 1)
    }

    @Test func `an id is forgotten after its lifetime, counted from when it came first`() {
        var seen = SeenIDs(limit: 10, lifetimeS: 600)
        #expect(seen.insert("evt_1", now: 0) == .fresh)
        #expect(seen.insert("evt_1", now: 500) == .repeated)
        #expect(seen.insert("evt_1", now: 600) == .fresh)
        #expect(seen.count == 1)
    }

    @Test func `when there is no room the newest is refused and counted, and the old ones stay known`() {
        var seen = SeenIDs(limit: 2, lifetimeS: 600)
        #expect(seen.insert("a", now: 0) == .fresh)
        #expect(seen.insert("b", now: 1) == .fresh)
        #expect(seen.insert("c", now: 2) == .full)
        #expect(seen.insert("a", now: 3) == .repeated)
        #expect(seen.overflowed == 1)
        #expect(seen.insert("c", now: 600) == .fresh)
        #expect(seen.count == 2)
    }

    @Test func `a clock that steps back forgets nothing and keeps the order`() {
        var seen = SeenIDs(limit: 10, lifetimeS: 600)
        #expect(seen.insert("a", now: 1_000) == .fresh)
        #expect(seen.insert("b", now: 100) == .fresh)
        #expect(seen.insert("a", now: 50) == .repeated)
        #expect(seen.insert("b", now: 1_599) == .repeated)
        #expect(seen.insert("b", now: 1_600) == .fresh)
    }

    @Test func `a hundred thousand ids leave no more than fit`() {
        var seen = SeenIDs(limit: 100, lifetimeS: 10)
        var fresh = 0
        for n in 0..<100_000 where seen.insert("evt_\(n)", now: Double(n) / 10) == .fresh { fresh += 1 }
        #expect(fresh == 100_000)
        #expect(seen.count == 100)
    }
}
