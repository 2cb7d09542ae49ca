import SidetoneDSP
import Testing

@Suite struct F0TrackerTests {
    /// Runs rows of (Hz, strength) through a tracker; 0 for unvoiced.
    private func track(_ rows: [[(Float, Float)]], delay: Int = 3, rowMs: Double = 10) -> [Float] {
        var tracker = F0Tracker(delay: delay, rowMs: rowMs)
        var decisions: [F0Tracker.Decision] = []
        for row in rows {
            let found = row.map { F0Candidate(hz: $0.0, strength: $0.1, merit: $0.1) }
            if let decision = tracker.process(found, count: found.count) { decisions.append(decision) }
        }
        for _ in 0..<delay { if let decision = tracker.drain() { decisions.append(decision) } }
        return decisions.map { $0.hz ?? 0 }
    }

    @Test(arguments: [0, 1, 3, 7]) func `each row is decided once, whatever the delay`(delay: Int) {
        for count in 0...12 {
            let rows = (0..<count).map { [(Float(100 + $0), Float(0.8))] }
            #expect(track(rows, delay: delay) == (0..<count).map { Float(100 + $0) })
        }
    }

    @Test func `a single octave error is corrected`() {
        var rows = [[(Float, Float)]](repeating: [(120, 0.8), (60, 0.7)], count: 9)
        rows[4] = [(60, 0.9), (120, 0.7)]
        #expect(track(rows) == [Float](repeating: 120, count: 9))
    }

    @Test func `a lasting octave change is followed`() {
        let low = [[(Float, Float)]](repeating: [(120, 0.9), (240, 0.2)], count: 20)
        let high = [[(Float, Float)]](repeating: [(240, 0.9), (120, 0.2)], count: 20)
        let found = track(low + high)
        #expect(found[15] == 120 && found[24] == 240)
    }

    @Test func `weak candidates, or none, are unvoiced`() {
        #expect(
            track([[(Float, Float)]](repeating: [(120, 0.25), (300, 0.2)], count: 8)) == [Float](repeating: 0, count: 8)
        )
        #expect(track([[(Float, Float)]](repeating: [], count: 8)) == [Float](repeating: 0, count: 8))
    }

    @Test func `a single strong row in silence stays unvoiced`() {
        var rows = [[(Float, Float)]](repeating: [], count: 9)
        rows[4] = [(120, 0.5)]
        #expect(track(rows) == [Float](repeating: 0, count: 9))
    }

    @Test func `a weak row inside a voice stays voiced`() {
        var rows = [[(Float, Float)]](repeating: [(120, 0.8)], count: 9)
        rows[4] = [(121, 0.2)]
        #expect(track(rows)[4] == 121)
    }

    @Test func `a row longer than 10 ms counts for more`() {
        // Of one row of 40 ms the merit is worth the turn to voicing and back, of one of 10 ms it is not.
        var rows = [[(Float, Float)]](repeating: [], count: 9)
        rows[4] = [(120, 0.5)]
        #expect(track(rows, rowMs: 40)[4] == 120)
    }

    @Test func `an unvoiced row reports the strength of its likeliest candidate`() {
        var tracker = F0Tracker(delay: 0, rowMs: 10)
        let weak = [F0Candidate(hz: 100, strength: 0.2, merit: 0.2)]
        #expect(tracker.process(weak, count: 1) == F0Tracker.Decision(hz: nil, strength: 0.2))
        #expect(tracker.process([], count: 0) == F0Tracker.Decision(hz: nil, strength: 0))
    }
}
