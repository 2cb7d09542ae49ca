import SidetoneModel

/// A DTMF digit on a track.
///
/// A moment with `digit`, `level_dbm0` (the mean of both tones) and the digit's own start and end, by ITU-T Q.23 and
/// Q.24: ±1.5 % of frequency accepted and ±3.5 % refused, 40 ms accepted and less than 23 ms refused, the high group
/// up to 8 dB under and 4 dB over the low group. A digit that sounds at least `echoDB` louder on the other track at the
/// same time is the source; the softer one is an echo and is not reported.
///
/// A digit reported by the platform has `detector` platform. The same digit detected in the track's audio, at most
/// `dtmf_merge_ms` away, is the same key press: it is reported once, from the source that was first.
struct DTMFSignal: CallSignal {
    static let name = "dtmf"
    static let summary = "a DTMF digit; echoes of the other track's digits are suppressed"
    static let reference = "ITU-T Q.23, Q.24 Table 1"
    static let form = SignalDeclaration.Form.moment
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("digit", .text, "one of 0-9 * # A-D"),
        SignalDeclaration.Value(
            "level_dbm0", .number(), "of the stronger tone, in dBm0; where it was detected in the audio",
            isOptional: true),
        SignalDeclaration.Value(
            "detector", .word(["platform"]), "present where the platform reported the digit", isOptional: true),
    ]
    static let features = ["dtmf"]
    static let columns = ["dtmf_code", "dtmf_level_dbfs"]
    static let followsSpeech = false
    static let hearsDigits = true

    /// The minimum attenuation of an echo; ITU-T G.168 assumes an echo return loss of 6 dB.
    static let echoDB: Float = 6
    /// The maximum delay of an echo, in milliseconds: mobile and packet networks.
    static let echoMs = 500

    /// The last digit detected on a track.
    private struct Heard {
        var code: Float = 0
        var last = Int64.min
        var levelDBFS: Float = -96
    }

    private let clock: CallClock
    private let code: Int
    private let level: Int
    private var heard = PerTrack(Heard())
    private var presses: DigitPresses

    init(_ options: DTMFOptions, context: SignalContext) {
        clock = context.clock
        code = context.column("dtmf_code")
        level = context.column("dtmf_level_dbfs")
        presses = DigitPresses(reach: Double(options.mergeMs) / 1000)
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let sounding = step.value(code, role: role)
            guard sounding > 0 else { continue }
            let level = step.value(level, role: role)
            if heard[role].code != sounding || step.number - heard[role].last > 10 { heard[role].levelDBFS = level }
            heard[role].code = sounding
            heard[role].levelDBFS = max(heard[role].levelDBFS, level)
            heard[role].last = step.number
        }
    }

    mutating func handle(_ digit: HeardDigit, emit: (Signal) -> Void) {
        if let sound = digit.sound, isEcho(sound, of: digit) { return }
        guard presses.isNew(digit) else { return }
        emit(Self.signal(of: digit))
    }

    static func signal(of digit: HeardDigit) -> Signal {
        var values = [Signal.Entry("digit", .text(digit.text))]
        if let sound = digit.sound {
            values.append(Signal.Entry("level_dbm0", .number((Double(sound.levelDBFS) + 6.18).rounded())))
        } else {
            values.append(Signal.Entry("detector", .text("platform")))
        }
        return Signal(
            name, .moment, track: digit.role, start: rounded(digit.start), end: rounded(digit.end), values: values)
    }

    private func isEcho(_ sound: HeardDigit.Sound, of digit: HeardDigit) -> Bool {
        let other = heard[digit.role.other]
        return other.code == Float(sound.code) && other.levelDBFS >= sound.levelDBFS + Self.echoDB
            && other.last != .min && clock.seconds(other.last) >= digit.start - Double(Self.echoMs) / 1000
    }

    /// Rounds down to a millisecond.
    private static func rounded(_ seconds: Double) -> Double { max(0, (seconds * 1000 + 1e-6).rounded(.down) / 1000) }
}

/// Options of `dtmf`.
struct DTMFOptions: SignalOptions, Equatable {
    var minimumMs = 32
    var minimumDBm0 = -29.0
    var mergeMs = 1_000

    static let fields: [Setting<Self>] = [
        Setting(
            "dtmf_ms", \.minimumMs, in: 23...40,
            "Minimum duration of a digit, in milliseconds; Q.24 requires 40 to be accepted and less than 23 refused."),
        Setting(
            "dtmf_dbm0", \.minimumDBm0, in: -55...(-20),
            "Minimum level of each of a digit's tones, in dBm0; Q.24 requires −25 to be accepted."),
        Setting(
            "dtmf_merge_ms", \.mergeMs, in: 0...5_000,
            "Maximum distance between a digit reported by the platform and the same digit in the audio for both to "
                + "be one key press, in milliseconds."),
    ]
}
