import SidetoneModel

/// A side is too quiet: its active speech level (ITU-T P.56) is under `level_low_dbov` (−36 dBov).
///
/// The level of its speech, weighted towards the most recent 10 s of it, is evaluated once per second from 3 s of
/// speech. Starts where the quiet speech started; ends when the level is 2 dB above the limit. ITU-T P.830 sets −26
/// dBov as nominal.
struct LevelLowSignal: CallSignal {
    static let name = "level_low"
    static let summary = "a side's active speech level is low"
    static let reference = "ITU-T P.56 method B; nominal −26 dBov (P.830)"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("level_dbov", .number(), "the active speech level by ITU-T P.56, in dBov")
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .always(.warn)
    static let features = ["level", "speech"]
    static let columns = ["level_dbfs", "envelope_dbfs"]

    static let returnDB = 2.0

    private struct Side {
        var level: ActiveLevel
        var lowSince: Int64?
        var lastSpeech: Int64 = 0
        var count: Int64 = 0
        var isReported = false
        var dBov = 0.0

        /// Adds a step of speech and returns whether the level is to be evaluated. In place: read from outside through
        /// `PerTrack`, each field would cost a copy of the side.
        mutating func add(_ number: Int64, levelDBFS: Float, envelopeDBFS: Float, second: Int64) -> Bool {
            if lowSince == nil { lowSince = number }
            lastSpeech = number
            level.add(number, levelDBFS: levelDBFS, envelopeDBFS: envelopeDBFS)
            count += 1
            return count >= 3 * second && count % second == 0
        }
    }

    private let clock: CallClock
    private let limit: Double
    private let levelColumn: Int
    private let envelopeColumn: Int
    private let second: Int64
    private var sides: PerTrack<Side>

    init(_ options: LevelLowOptions, context: SignalContext) {
        clock = context.clock
        limit = options.dBov
        levelColumn = context.column("level_dbfs")
        envelopeColumn = context.column("envelope_dbfs")
        second = clock.steps(ms: 1_000)
        sides = PerTrack(Self.side(context.clock))
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both where step.isSpeech[role] && step.isPresent[role] {
            let isDue = sides[role].add(
                step.number, levelDBFS: step.value(levelColumn, role: role),
                envelopeDBFS: step.value(envelopeColumn, role: role),
                second: second)
            if isDue { evaluate(role, emit: emit) }
        }
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            close(role, emit: emit)
            sides[role] = Self.side(clock)
        }
    }

    private static func side(_ clock: CallClock) -> Side {
        Side(level: ActiveLevel(clock: clock, memory: clock.steps(ms: 10_000)))
    }

    private mutating func evaluate(_ role: TrackRole, emit: (Signal) -> Void) {
        guard let level = sides[role].level.dBFS else { return }
        if level < limit {
            sides[role].dBov = (level * 10).rounded() / 10
            guard !sides[role].isReported, let start = sides[role].lowSince else { return }
            sides[role].isReported = true
            emit(Signal(Self.name, .started, track: role, start: clock.seconds(start), values: values(role)))
        } else if level >= limit + (sides[role].isReported ? Self.returnDB : 0) {
            close(role, emit: emit)
            sides[role].lowSince = nil
        }
    }

    private func values(_ role: TrackRole) -> [Signal.Entry] {
        [Signal.Entry("level_dbov", .number(sides[role].dBov))]
    }

    private mutating func close(_ role: TrackRole, emit: (Signal) -> Void) {
        guard sides[role].isReported, let start = sides[role].lowSince else { return }
        sides[role].isReported = false
        emit(
            Signal(
                Self.name, .ended, track: role, start: clock.seconds(start),
                end: clock.seconds(sides[role].lastSpeech + 1), values: values(role)))
    }
}

/// Options of `level_low`.
struct LevelLowOptions: SignalOptions, Equatable {
    var dBov = -36.0

    static let fields: [Setting<Self>] = [
        Setting(
            "level_low_dbov", \.dBov, in: -60...(-20),
            "Active speech level below which a side is too quiet, in dBov.")
    ]
}
