/// Something that happened in a call: an interval told when it opens and when it closes, or a moment told once.
public struct Signal: Sendable, Hashable {
    public enum Phase: String, Sendable, Hashable {
        /// An interval became known; `end` is nil.
        case started
        /// The interval is over.
        case ended
        /// Told once, with both times.
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
    /// The track it is about; nil when it is about both.
    public var track: TrackRole?
    /// Seconds on the call clock; an interval's start is retroactive.
    public var start: Double
    public var end: Double?
    /// What else is known, in the order in which it is written.
    public var values: [Entry]
    /// The moment on the call clock, in seconds, from which on whoever hears both tracks can tell it; nil where nobody
    /// asks. For measuring how soon it is told: it is not written, and signals that differ in it alone are equal.
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
