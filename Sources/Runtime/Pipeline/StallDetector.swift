import SidetoneModel

/// Detects missing media: of an open stream, and of a track that was active or announced.
///
/// For a stream without any media, the stall is reported without a track, from the call clock's zero. A stall starts at
/// the end of the track's media and lasts as long as the receiver waited: platforms may send the missing media late, or
/// not.
struct StallDetector {
    private struct Line {
        let track: TrackRole?
        /// The arrival time of its newest packet, in seconds on the receiver's clock.
        var arrival: Double
        /// The start of the current stall on the call clock; nil if there is none.
        var stalledAt: Double?

        func ended(by now: Double) -> Signal? {
            guard let stalledAt else { return nil }
            return Signal(
                "media.stalled", .ended, track: track, start: stalledAt, end: rounded(stalledAt + now - arrival))
        }
    }

    private let limit: Double
    private let announced: [TrackRole]
    /// Indexed by track; the last entry is the stream before any media.
    private var lines: [Line?]
    /// The earliest time of the next report.
    private(set) var due: Double

    /// - Parameters:
    ///   - limit: the maximum time without media, in seconds.
    ///   - announced: the tracks announced at the stream's start.
    ///   - opened: the arrival time of that start, in seconds on the receiver's clock.
    init(limit: Double, announced: [TrackRole], opened: Double) {
        self.limit = limit
        self.announced = announced
        lines = [nil, nil, Line(track: nil, arrival: opened)]
        due = opened + limit
    }

    /// Records a packet's arrival; returns the end of the stall that it ends, if any.
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

    /// Checks the clock; returns stalls that have become known.
    ///
    /// - Parameter position: returns the end of a track's media, in seconds on the call clock.
    mutating func check(at now: Double, position: (TrackRole) -> Double) -> [Signal] {
        guard now >= due else { return [] }
        var signals: [Signal] = []
        due = now + limit
        for index in lines.indices {
            guard let line = lines[index], line.stalledAt == nil else { continue }
            guard now - line.arrival >= limit else {
                due = min(due, line.arrival + limit)
                continue
            }
            let start = rounded(line.track.map(position) ?? 0)
            lines[index]?.stalledAt = start
            signals.append(Signal("media.stalled", .started, track: line.track, start: start))
        }
        return signals
    }

    /// The stream has ended, and with it any stall.
    func finish(at now: Double) -> [Signal] { lines.compactMap { $0?.ended(by: now) } }
}

/// Seconds rounded to the millisecond.
private func rounded(_ seconds: Double) -> Double { (max(0, seconds) * 1_000).rounded() / 1_000 }
