import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Accumulates a call's totals, step by step.
struct TotalsMeter {
    private struct Side {
        var speech: Int64 = 0
        var spurts = 0
        var wasSpeech = false
        var level: ActiveLevel
        var syllables: SyllableCounter
        var f0 = Histogram(log2(40.0)...log2(1_200.0), width: 1.0 / 96)
        var latency = Histogram(-5...20, width: 0.01)
        var interruptions = 0
        var backchannels = 0
        var longest: Int64 = 0
        var gaps = 0
        var gapMs = 0.0

        /// In place: read from outside through `PerTrack`, each field would cost a copy of the side.
        mutating func add(_ number: Int64, isSpeech: Bool, levelDBFS: Float, envelopeDBFS: Float, f0Hz: Float) {
            syllables.step(isSpeech: isSpeech, levelDBFS: levelDBFS)
            if isSpeech {
                speech += 1
                if !wasSpeech { spurts += 1 }
                level.add(number, levelDBFS: levelDBFS, envelopeDBFS: envelopeDBFS)
                if f0Hz > 0 { f0.add(Double(log2f(f0Hz))) }
            }
            wasSpeech = isSpeech
        }

        mutating func holdFloor(for steps: Int64) { longest = max(longest, steps) }
    }

    private let clock: CallClock
    private let level: Int
    private let envelope: Int
    private let f0: Int
    private let interruption: Int64
    private let overtalkMinimum: Int64
    private var sides: PerTrack<Side>
    private var steps: Int64 = 0
    private var both: Int64 = 0
    private var overtalk: IntervalDetector
    private var overtalks = 0
    private var silence: Int64 = 0
    private var turn: TurnChange.Taken?

    /// The columns it reads; the last may be missing.
    static let columns = ["level_dbfs", "envelope_dbfs", "f0_hz"]

    init(_ context: SignalContext) {
        clock = context.clock
        level = context.column("level_dbfs")
        envelope = context.column("envelope_dbfs")
        f0 = context.column("f0_hz")
        interruption = clock.steps(ms: context.settings.options(InterruptionOptions.self).minimumMs)
        overtalkMinimum = clock.steps(ms: context.settings.options(OvertalkOptions.self).minimumMs)
        overtalk = IntervalDetector(minimum: overtalkMinimum)
        sides = PerTrack(Side(level: ActiveLevel(clock: clock), syllables: SyllableCounter(clock: clock)))
    }

    mutating func step(_ step: borrowing CallStep) {
        steps += 1
        for role in TrackRole.both { add(step, role) }
        let isBoth = step.isSpeech.inbound && step.isSpeech.outbound
        if isBoth { both += 1 }
        if step.isSilence { silence += 1 }
        if case .started = overtalk.step(step.number, holds: isBoth) { overtalks += 1 }
        track(step.floor)
        guard let turn, step.isSpeech[turn.role] else { return }
        sides[turn.role].holdFloor(for: step.number + 1 - turn.start)
    }

    /// Adds a gap reported by the receiver.
    mutating func add(gapMs: Double, _ role: TrackRole) {
        sides[role].gaps += 1
        sides[role].gapMs += gapMs
    }

    /// Ends the call: includes what the last steps left open.
    mutating func finish(_ last: borrowing CallStep) { track(last.floor) }

    private mutating func add(_ step: borrowing CallStep, _ role: TrackRole) {
        sides[role].add(
            step.number, isSpeech: step.isSpeech[role], levelDBFS: step.value(level, role: role),
            envelopeDBFS: step.value(envelope, role: role), f0Hz: step.value(f0, role: role))
    }

    private mutating func track(_ floor: TurnChange) {
        if floor.ended != nil { turn = nil }
        if let taken = floor.taken {
            turn = taken
            if taken.overlap > interruption { sides[taken.role].interruptions += 1 }
            if let end = taken.previousEnd { sides[taken.role].latency.add(clock.duration(taken.start - end)) }
        }
        if let talk = floor.backchannel { sides[talk.role].backchannels += 1 }
    }

    var totals: CallTotals {
        var totals = CallTotals()
        totals.seconds = clock.duration(steps)
        totals.overtalkSeconds = clock.duration(both)
        totals.overtalks = overtalks
        totals.silenceSeconds = clock.duration(silence)
        let speech = sides.inbound.speech + sides.outbound.speech
        for role in TrackRole.both {
            let side = sides[role]
            var out = CallTotals.Side()
            out.speechSeconds = clock.duration(side.speech)
            out.talkSpurts = side.spurts
            out.activeLevelDBFS = side.level.dBFS
            out.f0MedianHz = side.f0.quantile(0.5).map { exp2($0) }
            out.f0LowHz = side.f0.quantile(0.05).map { exp2($0) }
            out.f0HighHz = side.f0.quantile(0.95).map { exp2($0) }
            if side.speech > 0 { out.syllablesPerSecond = Double(side.syllables.count) / clock.duration(side.speech) }
            if speech > 0 { out.talkShare = Double(side.speech) / Double(speech) }
            if steps > 0 { out.talkRatioOfCall = Double(side.speech) / Double(steps) }
            out.interruptions = side.interruptions
            out.backchannels = side.backchannels
            out.responseLatency = CallTotals.Spread(
                count: side.latency.count, median: side.latency.quantile(0.5), p90: side.latency.quantile(0.9))
            out.longestMonologueSeconds = clock.duration(side.longest)
            out.gaps = side.gaps
            out.gapSeconds = side.gapMs / 1000
            totals[role] = out
        }
        return totals
    }
}
