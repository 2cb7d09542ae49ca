import SidetoneModel

/// A share of a track's packets is lost.
///
/// From the gaps that the receiver reports with the cause lost, and from whole packets of 20 ms of digital silence, as a
/// recording shows them, that fill no reported gap. Opens when over
/// `packet_loss_percent` (1 %) of 5 s are missing, at the first of them, and ends with the last after 15 s without that
/// much; `loss` is the share of the interval. Silence right after a digit or a tone is its own pause. Two gaps at least:
/// one alone is a `media.gap`. Twilio tags calls at 5 %.
struct PacketLossSignal: CallSignal {
    static let name = "packet_loss"
    static let summary = "a share of the packets is missing"
    static let reference = "ours: 1 % of 5 s; Twilio Voice Insights tags 5 %"
    static let columns = ["dtmf_code", "tone_code"]
    static let followsSpeech = false

    static let windowMs = 5_000
    /// Three windows, so that scattered losses of a bad line are one interval.
    static let holdMs = 15_000

    private let clock: CallClock
    private let dtmf: Int
    private let tone: Int
    private let near: Int64
    private var lastTone = PerTrack<Int64>(.min / 2)
    private var shares: PerTrack<WindowedShare>

    init(_ options: PacketLossOptions, _ context: SignalContext) {
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

/// What makes packet loss.
struct PacketLossOptions: SignalOptions, Equatable {
    var percent = 1.0

    static let fields: [Setting<Self>] = [
        Setting(
            "packet_loss_percent", \.percent, in: 0.1...50,
            "The share of 5 s, in percent, over which packets count as being lost.")
    ]
}
