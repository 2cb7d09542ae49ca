public import SidetoneModel

/// The state of both tracks at one step of the call clock.
public struct CallStep: Sendable {
    /// The index of the step.
    public internal(set) var number: Int64 = 0
    /// Whether a track has a row at this step.
    public internal(set) var isPresent: PerTrack<Bool> = PerTrack(false)
    /// Whether a track is in a talk spurt: final, after onset and hangover.
    public internal(set) var isSpeech: PerTrack<Bool> = PerTrack(false)
    /// Whether nobody speaks, and no music, tone or digit sounds.
    public internal(set) var isSilence = false
    /// Whether speech is the only sound.
    var isSpeechOnly: Bool { sounds.inbound.isQuiet && sounds.outbound.isQuiet }
    /// The change of the floor at this step.
    public internal(set) var floor = TurnChange()
    /// Sounds other than speech.
    public internal(set) var sounds = PerTrack(SoundChange())
    /// Media reported lost by the receiver (as opposed to not sent) that ends here, in milliseconds.
    public internal(set) var lostMs = PerTrack(0.0)
    /// Whole packets of silence that end here and are not part of a gap reported by the receiver.
    public internal(set) var emptyPackets = PerTrack<Int64>(0)
    /// Inbound's columns, then outbound's; not-a-number where a track has no row.
    var values: [Float]
    let width: Int

    init(width: Int) {
        self.width = width
        values = [Float](repeating: .nan, count: 2 * width)
    }

    /// The value of a column by its index from `SignalContext.column`; not-a-number if the track has no row.
    public func value(_ column: Int, role: TrackRole) -> Float { values[role.index * width + column] }
}

/// One value for each track of a call.
public struct PerTrack<Value: Sendable>: Sendable {
    public var inbound: Value
    public var outbound: Value

    public init(_ both: Value) {
        inbound = both
        outbound = both
    }

    public subscript(role: TrackRole) -> Value {
        get { role == .inbound ? inbound : outbound }
        // In place: a getter and a setter would copy the value.
        _modify { if role == .inbound { yield &inbound } else { yield &outbound } }
    }
}
extension PerTrack: Equatable where Value: Equatable {}

extension TrackRole {
    /// Both roles. `allCases` allocates an array on each call, which is too slow for a step of the clock.
    static let both: [TrackRole] = [.inbound, .outbound]
}
