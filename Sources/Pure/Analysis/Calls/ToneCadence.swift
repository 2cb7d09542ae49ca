import SidetoneModel

/// A tone of the network or of a terminal.
enum ToneKind: String, Sendable {
    case dial, ringback, busy, reorder, sit, unknown
    case faxCNG = "fax_cng"
    case faxCED = "fax_ced"
    case answeringMachineBeep = "answering_machine_beep"
}

/// Follows the bursts of tones on a track and names the tone by frequency and rhythm.
///
/// What a burst, or a sequence of bursts, amounts to is decided by `TonePlan`. An interval opens once, runs from its
/// first burst to its last, and closes when its rhythm has stopped or another tone sounds.
struct ToneCadence {
    enum Change: Equatable {
        case started(ToneKind, Int64)
        case ended(ToneKind, Int64, Int64)
    }

    /// How much later than a tone its code comes, and how much longer it stays, at the steps of the clock; measured on
    /// drawn tones of 200 ms to 2 s.
    static let onsetMs = 20
    /// Breaks of a burst up to this are none: a phase reversal of ANS (V.25) takes the code away for 40 ms.
    static let bridgeMs = 60
    /// Another code for shorter than this is a stray match.
    static let strayMs = 30

    private let clock: CallClock
    private let plan: TonePlan
    private let onset: Int64
    private let bridge: Int64
    private let stray: Int64
    private let shortest: Int64
    private let note: Int64
    private var first: Int64?
    private var current: ToneBurst?
    private var other: ToneBurst?
    /// The latest bursts that are over, oldest first.
    private var past: [ToneBurst] = []
    private var pause: TonePause
    private var spurts = RecentSpurts()
    private var open: TonePlan.Found?
    /// One past the last burst of the open interval.
    private var ownEnd: Int64 = 0
    /// Where the interval before ended.
    private var lastEnd: Int64 = .min

    init(clock: CallClock) {
        self.clock = clock
        plan = TonePlan(clock: clock)
        onset = clock.steps(ms: Self.onsetMs)
        pause = TonePause(edge: clock.steps(ms: Self.bridgeMs))
        bridge = clock.steps(ms: Self.bridgeMs)
        stray = clock.steps(ms: Self.strayMs)
        shortest = clock.steps(ms: 80)
        note = clock.steps(ms: 200)
        past.reserveCapacity(TonePlan.depth + 1)
    }

    /// The tone whose rhythm holds on.
    var kind: ToneKind? { open?.kind }
    /// Whether a tone has sounded for longer than a stray match of a voice or of noise does.
    var isSounding: Bool { (current?.length ?? 0) >= note }
    /// The last step of a tone that lasted for longer than notes of music do; very small before the first.
    private(set) var lastSounding: Int64 = .min / 2

    /// Takes the tone of the next step.
    ///
    /// - Parameters:
    ///   - code: as in `ToneFeature`'s column; 0: none.
    ///   - hz: its frequency; 0 where it is a pair of the plan.
    mutating func step(_ number: Int64, code: Int, hz: Float = 0, levelDBFS: Float = -96) -> Change? {
        let begin = first ?? number
        first = begin
        guard code > 0 || current != nil || open != nil || !past.isEmpty else { return nil }
        track(
            number, seen: ToneBurst(code: code, hz: hz, start: max(begin, number - onset), end: number + 1),
            levelDBFS: levelDBFS)
        return open == nil ? begins(number) : ends(number)
    }

    /// A step of the track is speech, as was decided later.
    mutating func recordSpeech(_ number: Int64) { spurts.record(number) }

    mutating func finish(at end: Int64) -> Change? {
        defer {
            open = nil
            current = nil
            other = nil
            past.removeAll(keepingCapacity: true)
        }
        return open.map { .ended($0.kind, $0.start, max($0.start, min(end, ownEnd))) }
    }

    private mutating func track(_ number: Int64, seen: ToneBurst, levelDBFS: Float) {
        if seen.code > 0 {
            if current?.isSame(as: seen) == true {
                current?.extend(to: seen)
                other = nil
            } else if other?.isSame(as: seen) == true {
                other?.extend(to: seen)
            } else {
                other = seen
            }
            if let next = other, current == nil || next.length >= stray {
                if let current { store(current) }
                current = next
                current?.pauseDBFS = pause.loudestDBFS
                pause.restart()
                other = nil
            }
            current?.raise(to: levelDBFS)
            if let current, current.length >= note, current.code <= TonePlan.lastOfPlan || open != nil {
                lastSounding = number
            }
        } else if let burst = current, number + 1 - burst.end >= bridge {
            store(burst)
            current = nil
            other = nil
        } else if current == nil {
            pause.add(levelDBFS)
        }
    }

    private mutating func store(_ burst: ToneBurst) {
        guard burst.length >= shortest else { return }
        if past.count == TonePlan.depth { past.removeFirst() }
        past.append(burst)
    }

    private mutating func begins(_ number: Int64) -> Change? {
        guard var found = plan.steady(current, after: past) ?? rhythm(at: number) ?? beep(at: number)
        else {
            if let last = past.last, current == nil, number - last.end > plan.memory {
                past.removeAll(keepingCapacity: true)
            }
            return nil
        }
        found.start = max(found.start, lastEnd)
        open = found
        ownEnd = max(found.end, found.start)
        // What opened it opens nothing more.
        past.removeAll(keepingCapacity: true)
        return .started(found.kind, found.start)
    }

    private func rhythm(at number: Int64) -> TonePlan.Found? {
        guard current == nil || current?.length ?? 0 < shortest else { return nil }
        return plan.rhythm(of: past, at: number)
    }

    private func beep(at number: Int64) -> TonePlan.Found? {
        guard current == nil else { return nil }
        return plan.beep(past, pauseDBFS: pause.loudestDBFS, spurts: spurts, at: number)
    }

    private mutating func ends(_ number: Int64) -> Change? {
        guard let open else { return nil }
        // Even bursts of the tone that is open are its rhythm, and no unknown one.
        if let next = rhythm(at: number), next.kind != open.kind, next.kind != .unknown || !open.holds(next.burst) {
            return close(open, at: min(next.start, ownEnd))
        }
        if let current {
            if open.holds(current) {
                ownEnd = max(ownEnd, current.end)
            } else if current.length >= clock.steps(ms: 150) {
                return close(open, at: ownEnd)
            }
            if plan.outlasts(current, open: open) { return close(open, at: min(current.start, ownEnd)) }
        }
        guard number + 1 - ownEnd > open.pause else { return nil }
        past.removeAll(keepingCapacity: true)
        return close(open, at: ownEnd)
    }

    private mutating func close(_ found: TonePlan.Found, at end: Int64) -> Change {
        open = nil
        lastEnd = max(found.start, end)
        return .ended(found.kind, found.start, lastEnd)
    }
}
