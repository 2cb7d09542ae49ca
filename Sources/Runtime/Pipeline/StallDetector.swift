import SidetoneModel

/// Notices that no media comes: of a stream that is open, and of a track that was heard or announced.
///
/// A stream of which nothing was heard is told without a track, from the call clock's zero. A stall begins where the
/// track's media ends, and lasts as long as the receiver waited: platforms may send what they held back, or leave it out.
struct StallDetector {
    private struct Line {
        let track: TrackRole?
        /// When its newest packet came, in seconds on the receiver's clock.
        var arrival: Double
        /// Where the stall begins on the call clock; nil while there is none.
        var stalledAt: Double?

        func ended(by now: Double) -> Signal? {
            guard let stalledAt else { return nil }
            return Signal(
                "media.stalled", .ended, track: track, start: stalledAt, end: rounded(stalledAt + now - arrival))
        }
    }

    private let limit: Double
    private let announced: [TrackRole]
    /// By the index of the track; the last is the stream, before any media.
    private var lines: [Line?]
    /// Nothing can be told before.
    private(set) var due: Double

    /// - Parameters:
    ///   - limit: how long nothing may come, in seconds.
    ///   - announced: the tracks that the stream's start names.
    ///   - opened: when that start came, in seconds on the receiver's clock.
    init(limit: Double, announced: [TrackRole], opened: Double) {
        self.limit = limit
        self.announced = announced
        lines = [nil, nil, Line(track: nil, arrival: opened)]
        due = opened + limit
    }

    /// Takes a packet's arrival; gives the end of the stall that is over with it.
    mutating func record(_ track: TrackRole, at arrival: Double) -> Signal? {
        if let stream = lines[2] {
            lines[2] = nil
            for track in announced { lines[track.index] = Line(track: track, arrival: arrival) }
            lines[track.index] = Line(track: track, arrival: arrival)
            return stream.ended(by: arrival)
        }
        guard let line = lines[track.index], line.stalledAt != nil else {
            lines[track.index] = Line(track: track, arrival: arrival)
            return nil
        }
        lines[track.index] = Line(track: track, arrival: arrival)
        due = min(due, arrival + limit)
        return line.ended(by: arrival)
    }

    /// Looks at the clock; gives the stalls that have become known.
    ///
    /// - Parameter position: where a track's media ends, in seconds on the call clock.
    mutating func check(at now: Double, position: (TrackRole) -> Double) -> [Signal] {
        guard now >= due else { return [] }
        var told: [Signal] = []
        due = now + limit
        for index in lines.indices {
            guard let line = lines[index], line.stalledAt == nil else { continue }
            guard now - line.arrival >= limit else {
                due = min(due, line.arrival + limit)
                continue
            }
            let start = rounded(line.track.map(position) ?? 0)
            lines[index]?.stalledAt = start
            told.append(Signal("media.stalled", .started, track: line.track, start: start))
        }
        return told
    }

    /// The stream is over, and with it what is stalled.
    func finish(at now: Double) -> [Signal] { lines.compactMap { $0?.ended(by: now) } }
}

/// Seconds to the millisecond.
private func rounded(_ seconds: Double) -> Double { (max(0, seconds) * 1_000).rounded() / 1_000 }
