public import SidetoneModel

/// What is known of both tracks at one step of the call clock.
public struct CallStep: Sendable {
    /// The number of the step.
    public internal(set) var number: Int64 = 0
    /// Whether a track has a row here.
    public internal(set) var isPresent: PerTrack<Bool> = PerTrack(false)
    /// Whether a track is in a talk spurt here: final, after onset and hangover.
    public internal(set) var isSpeech: PerTrack<Bool> = PerTrack(false)
    /// Whether nobody speaks, and no music, tone or digit sounds.
    public internal(set) var isSilence = false
    /// Whether nothing but speech sounds.
    var isSpeechOnly: Bool { sounds.inbound.isQuiet && sounds.outbound.isQuiet }
    /// What became of the floor at this step.
    public internal(set) var floor = TurnChange()
    /// What sounds besides speech.
    public internal(set) var sounds = PerTrack(SoundChange())
    /// Media that the receiver reports as lost (not as never sent) and that ends here, in milliseconds.
    public internal(set) var lostMs = PerTrack(0.0)
    /// Whole packets of silence that end here and are no gap that the receiver reports.
    public internal(set) var emptyPackets = PerTrack<Int64>(0)
    /// Inbound's columns, then outbound's; not-a-number where a track has no row.
    var values: [Float]
    let width: Int

    init(width: Int) {
        self.width = width
        values = [Float](repeating: .nan, count: 2 * width)
    }

    /// The value of a column, as `SignalContext.column` numbers them; not-a-number where the track has no row.
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
        // In place: a getter and a setter would copy what the value holds.
        _modify { if role == .inbound { yield &inbound } else { yield &outbound } }
    }
}
extension PerTrack: Equatable where Value: Equatable {}

extension TrackRole {
    /// Both roles. `allCases` makes a new array each time, which a step of the clock cannot afford.
    static let both: [TrackRole] = [.inbound, .outbound]
}
