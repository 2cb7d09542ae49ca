import SidetoneModel

/// The kind of a network or fax tone.
enum ToneKind: String, Sendable, CaseIterable {
    case dial, ringback, busy, reorder, sit, unknown
    case faxCNG = "fax_cng"
    case faxCED = "fax_ced"
    case answeringMachineBeep = "answering_machine_beep"
}

/// Tracks the tone bursts on a track and identifies the tone by frequency and cadence.
///
/// `TonePlan` decides what a burst or a sequence of bursts is. An interval opens once, extends from its first burst to
/// its last, and closes when its cadence has stopped or another tone sounds.
struct ToneCadence {
    enum Change: Equatable {
        case started(ToneKind, Int64)
        case ended(ToneKind, Int64, Int64)
    }

    /// The delay of a tone's code at its start and at its end, in steps of the clock; measured with generated tones of
    /// 200 ms to 2 s.
    static let onsetMs = 20
    /// Breaks of a burst up to this duration are ignored: a phase reversal of ANS (V.25) interrupts the code for 40 ms.
    static let bridgeMs = 60
    /// Another code for less than this duration is a spurious match.
    static let strayMs = 30

    private let clock: CallClock
    private let plan: TonePlan
    private let onset: Int64
    private let bridge: Int64
    private let stray: Int64
    private let shortest: Int64
    private let noteLength: Int64
    private var first: Int64?
    private var current: ToneBurst?
    private var other: ToneBurst?
    /// The latest completed bursts, oldest first.
    private var past: [ToneBurst] = []
    private var pause: TonePause
    private var spurts = RecentSpurts()
    private var open: TonePlan.Found?
    /// One past the last burst of the open interval.
    private var ownEnd: Int64 = 0
    /// The end of the previous interval.
    private var lastEnd: Int64 = .min

    init(clock: CallClock) {
        self.clock = clock
        plan = TonePlan(clock: clock)
        onset = clock.steps(ms: Self.onsetMs)
        pause = TonePause(edge: clock.steps(ms: Self.bridgeMs))
        bridge = clock.steps(ms: Self.bridgeMs)
        stray = clock.steps(ms: Self.strayMs)
        shortest = clock.steps(ms: 80)
        noteLength = clock.steps(ms: 200)
        past.reserveCapacity(TonePlan.depth + 1)
    }

    /// The tone whose cadence is continuing.
    var kind: ToneKind? { open?.kind }
    /// Whether a tone has lasted for longer than a spurious match of a voice or of noise.
    var isSounding: Bool { (current?.length ?? 0) >= noteLength }
    /// The last step of a tone that lasted for longer than musical notes do; a very small number before the first.
    private(set) var lastSounding: Int64 = .min / 2

    /// Processes the tone of the next step.
    ///
    /// - Parameters:
    ///   - code: as in `ToneFeature`'s column; 0: none.
    ///   - hz: its frequency; 0 for a standard pair.
    mutating func step(_ number: Int64, code: Int, hz: Float = 0, levelDBFS: Float = -96) -> Change? {
        let begin = first ?? number
        first = begin
        guard code > 0 || current != nil || open != nil || !past.isEmpty else { return nil }
        track(
            number, observed: ToneBurst(code: code, hz: hz, start: max(begin, number - onset), end: number + 1),
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

    private mutating func track(_ number: Int64, observed: ToneBurst, levelDBFS: Float) {
        if observed.code > 0 {
            if current?.isSame(as: observed) == true {
                current?.extend(to: observed)
                other = nil
            } else if other?.isSame(as: observed) == true {
                other?.extend(to: observed)
            } else {
                other = observed
            }
            if let next = other, current == nil || next.length >= stray {
                if let current { store(current) }
                current = next
                current?.pauseDBFS = pause.loudestDBFS
                pause.restart()
                other = nil
            }
            current?.raise(to: levelDBFS)
            if let current, current.length >= noteLength, current.code <= TonePlan.lastOfPlan || open != nil {
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
        // The bursts that opened it open nothing else.
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
        // Regular bursts of the open tone are its cadence, not an unknown tone.
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
