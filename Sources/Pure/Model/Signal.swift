/// An event in a call: an interval, reported when it opens and when it closes, or a moment, reported once.
public struct Signal: Sendable, Hashable {
    public enum Phase: String, Sendable, Hashable {
        /// An interval opened; `end` is nil.
        case started
        /// An interval closed.
        case ended
        /// Reported once, with both times.
        case moment
    }

    /// One value of a signal.
    public enum Value: Sendable, Hashable {
        case text(String)
        case number(Double)
        case integer(Int64)
        case flag(Bool)
    }

    /// The name without its phase: `speech`, `media.gap`.
    public var name: String
    public var phase: Phase
    /// The track it concerns; nil when it concerns both.
    public var track: TrackRole?
    /// Seconds on the call clock; an interval's start is retroactive.
    public var start: Double
    public var end: Double?
    /// Further details, in output order.
    public var values: [Entry]
    /// The earliest time on the call clock, in seconds, at which the signal can be decided from both tracks; nil where
    /// it is not timed. Used to measure reporting delay; it is not written and does not affect equality.
    public var decidableAt: Double?

    public struct Entry: Sendable, Hashable {
        public var name: String
        public var value: Value
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    public init(
        _ name: String, _ phase: Phase, track: TrackRole? = nil, start: Double, end: Double? = nil,
        values: [Entry] = []
    ) {
        self.name = name
        self.phase = phase
        self.track = track
        self.start = start
        self.end = end
        self.values = values
    }

    public static func == (one: Signal, other: Signal) -> Bool {
        one.name == other.name && one.phase == other.phase && one.track == other.track && one.start == other.start
            && one.end == other.end && one.values == other.values
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(phase)
        hasher.combine(track)
        hasher.combine(start)
        hasher.combine(end)
        hasher.combine(values)
    }

    /// The CloudEvents type: `sidetone.speech.started.v1`, `sidetone.media.gap.v1`.
    public var type: String {
        phase == .moment ? "sidetone.\(name).v1" : "sidetone.\(name).\(phase.rawValue).v1"
    }
}
