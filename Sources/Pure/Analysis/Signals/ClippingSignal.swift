import SidetoneModel

/// A track is clipped, here or anywhere upstream.
///
/// Opens when more than `clipping_percent` (1 %) of the samples of a second lie in flat tops; starts at the first of
/// them and ends at the last one before 3 s without flat tops.
struct ClippingSignal: CallSignal {
    static let name = "clipping"
    static let summary = "more than a given share of the samples of a second in flat tops"
    static let reference = "ours: 1 % of 1 s"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("share", .number(0...1), "share of the samples that lie in flat tops", in: [.ended])
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .always(.warn)
    static let features = ["level"]
    static let columns = ["flat_top"]
    static let followsSpeech = false

    /// Speech pauses within clipped speech do not end the interval.
    static let gapMs = 3_000

    private let clock: CallClock
    private let column: Int
    private var shares: PerTrack<WindowedShare>

    init(_ options: ClippingOptions, context: SignalContext) {
        clock = context.clock
        column = context.column("flat_top")
        let second = clock.steps(ms: 1_000)
        shares = PerTrack(
            WindowedShare(
                window: second, limit: options.percent / 100 * Double(second), hold: clock.steps(ms: Self.gapMs)))
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let flat = step.value(column, role: role)
            let change = shares[role].step(step.number, value: flat.isNaN ? 0 : Double(flat))
            report(change, role: role, emit: emit)
        }
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let change = shares[role].finish()
            report(change, role: role, emit: emit)
        }
    }

    private func report(_ change: WindowedShare.Change?, role: TrackRole, emit: (Signal) -> Void) {
        guard let change else { return }
        emit(
            change.signal(Self.name, role: role, clock: clock, share: ("share", { sum, steps in sum / Double(steps) })))
    }
}

/// Options of `clipping`.
struct ClippingOptions: SignalOptions, Equatable {
    var percent = 1.0

    static let fields: [Setting<Self>] = [
        Setting(
            "clipping_percent", \.percent, in: 0.1...50,
            "Share of a second's samples in flat tops, in percent, above which a track counts as clipped.")
    ]
}
