import SidetoneModel

/// A push-button digit on a track.
///
/// A moment with `digit`, `level_dbm0` (the mean of both tones) and the digit's own start and end, by ITU-T Q.23 and
/// Q.24: ±1.5 % of frequency accepted and ±3.5 % refused, 40 ms accepted and less than 23 ms refused, the high group
/// up to 8 dB under and 4 dB over the low group. The same digit on the other track at the same time, at least
/// `echoDB` louder, makes it an echo, which is not told.
struct DTMFSignal: CallSignal {
    static let name = "dtmf"
    static let summary = "a push-button digit; the echo of the other track's digit is left out"
    static let reference = "ITU-T Q.23, Q.24 Table 1"
    static let columns = ["dtmf_code", "dtmf_level_dbfs", "dtmf_ended", "dtmf_age_ms", "dtmf_length_ms"]
    static let followsSpeech = false

    /// How much softer an echo is, at least; ITU-T G.168 counts on an echo return loss of 6 dB.
    static let echoDB: Float = 6
    /// How much later an echo may come, in milliseconds: mobile and packet networks.
    static let echoMs = 500

    /// The digit heard last on a track.
    private struct Heard {
        var code: Float = 0
        var last = Int64.min
        var levelDBFS: Float = -96
    }

    private let clock: CallClock
    private let code: Int
    private let level: Int
    private let ended: Int
    private let age: Int
    private let length: Int
    private var heard = PerTrack(Heard())

    init(_ options: DTMFOptions, _ context: SignalContext) {
        clock = context.clock
        code = context.column("dtmf_code")
        level = context.column("dtmf_level_dbfs")
        ended = context.column("dtmf_ended")
        age = context.column("dtmf_age_ms")
        length = context.column("dtmf_length_ms")
    }

    mutating func step(_ step: borrowing CallStep, _ emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let sounding = step.value(code, role)
            guard sounding > 0 else { continue }
            let level = step.value(level, role)
            if heard[role].code != sounding || step.number - heard[role].last > 10 { heard[role].levelDBFS = level }
            heard[role].code = sounding
            heard[role].levelDBFS = max(heard[role].levelDBFS, level)
            heard[role].last = step.number
        }
        for role in TrackRole.both {
            let digit = step.value(ended, role)
            guard digit > 0 else { continue }
            tell(Int(digit), role, step, emit)
        }
    }

    private func tell(_ code: Int, _ role: TrackRole, _ step: borrowing CallStep, _ emit: (Signal) -> Void) {
        let start = clock.seconds(step.number) - Double(step.value(age, role)) / 1000
        let levelDBFS = step.value(level, role)
        let other = heard[role.other]
        let isSame = other.code == Float(code) && other.levelDBFS >= levelDBFS + Self.echoDB
        let isNear = other.last != .min && clock.seconds(other.last) >= start - Double(Self.echoMs) / 1000
        guard !(isSame && isNear) else { return }
        emit(
            Signal(
                Self.name, .moment, track: role, start: rounded(start),
                end: rounded(start + Double(step.value(length, role)) / 1000),
                values: [
                    Signal.Entry("digit", .text(DTMFReceiver.digits[code - 1])),
                    Signal.Entry("level_dbm0", .number((Double(levelDBFS) + 6.18).rounded())),
                ]))
    }

    private func rounded(_ seconds: Double) -> Double { max(0, (seconds * 1000).rounded() / 1000) }
}

/// What makes a digit.
struct DTMFOptions: SignalOptions, Equatable {
    var minimumMs = 32
    var minimumDBm0 = -29.0

    static let fields: [Setting<Self>] = [
        Setting(
            "dtmf_ms", \.minimumMs, in: 23...40,
            "How long a digit must last, in milliseconds; Q.24 wants 40 accepted and less than 23 refused."),
        Setting(
            "dtmf_dbm0", \.minimumDBm0, in: -55...(-20),
            "What each of a digit's tones must have, in dBm0; Q.24 wants −25 accepted."),
    ]
}
