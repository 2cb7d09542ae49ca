import SidetoneModel

/// A share of a track's packets is lost.
///
/// Computed from the gaps that the receiver reports with the cause lost, and from digital silence of whole 20 ms
/// packets, as found in recordings, outside reported gaps. Opens when more than `packet_loss_percent` (1 %) of 5 s is
/// missing, at the first loss, and ends at the last loss before 15 s below that limit; `loss` is the share of the
/// interval. Silence right after a digit or a tone is its own pause. At least two gaps are required: a single one is a
/// `media.gap`. Twilio tags calls at 5 %.
struct PacketLossSignal: CallSignal {
    static let name = "packet_loss"
    static let summary = "a share of the packets is missing"
    static let reference = "our own: 1 % of 5 s; Twilio Voice Insights tags 5 %"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("loss", .number(0...1), "share of the time without packets", in: [.ended])
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .always(.warn)
    static let features = ["dtmf", "line", "tone"]
    static let columns = ["dtmf_code", "tone_code"]
    static let followsSpeech = false

    static let windowMs = 5_000
    /// Three windows, so that scattered losses on a bad line form one interval.
    static let holdMs = 15_000

    private let clock: CallClock
    private let dtmf: Int
    private let tone: Int
    private let near: Int64
    private var lastTone = PerTrack<Int64>(.min / 2)
    private var shares: PerTrack<WindowedShare>

    init(_ options: PacketLossOptions, context: SignalContext) {
        clock = context.clock
        dtmf = context.column("dtmf_code")
        tone = context.column("tone_code")
        near = clock.steps(ms: 60)
        shares = PerTrack(
            WindowedShare(
                window: clock.steps(ms: Self.windowMs), limit: options.percent / 100 * Double(Self.windowMs),
                hold: clock.steps(ms: Self.holdMs), least: 2))
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let packets = step.emptyPackets[role]
            var lostMs = step.lostMs[role]
            if packets > 0 {
                let before = step.number - clock.steps(ms: Int(packets) * 20)
                if lastTone[role] < before - near { lostMs += Double(packets) * 20 }
            }
            if step.value(dtmf, role: role) > 0 || step.value(tone, role: role) > 0 { lastTone[role] = step.number }
            let change = shares[role].step(step.number, value: lostMs)
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
            change.signal(
                Self.name, role: role, clock: clock,
                share: ("loss", { ms, steps in min(1, ms / 1000 / clock.duration(steps)) })))
    }
}

/// Options of `packet_loss`.
struct PacketLossOptions: SignalOptions, Equatable {
    var percent = 1.0

    static let fields: [Setting<Self>] = [
        Setting(
            "packet_loss_percent", \.percent, in: 0.1...50,
            "Share of missing media within 5 s, in percent, above which packet loss is reported.")
    ]
}
