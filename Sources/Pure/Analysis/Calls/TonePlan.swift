import SidetoneModel

/// Classifies tone bursts: the plans of ITU-T E.180/Q.35 and its Supplement 2, of North America (E.300 Suppl. 3),
/// and T.30.
///
/// | kind | tones | cadence |
/// |---|---|---|
/// | dial | 350 + 440 or 350 + 450 Hz | steady for 1 s |
/// | dial | one of 340…500 Hz, 400 + 450 Hz | steady for 2.6 s, which no ringing tone is |
/// | ringback | 440 + 480 Hz | 0.8 s |
/// | ringback | one of 340…500 Hz, 400 + 450 Hz | once 0.6…2.6 s, or twice 0.3…0.5 s 0.2 s apart, then nothing for 1.5 s |
/// | busy | one of 340…500 Hz, 400 + 450, 480 + 620 Hz | twice 0.335…0.85 s, tone over pause 0.6…1.6 |
/// | reorder | the same | twice 0.13…0.335 s up to 0.85 s apart; 0.4 s and 0.225 s in turn |
/// | sit | 950 ± 50, 1400 ± 50, 1800 ± 50 Hz | each 330 ± 70 ms, in this order, at most 30 ms apart |
/// | fax_cng | 1100 ± 38 Hz | 0.5 s ± 15 % |
/// | fax_ced | 2100 ± 15 Hz | 1 s of 2.6…4 s |
/// | answering_machine_beep | one of 500…2000 Hz | once 0.08…1.5 s, after speech of the same side, then 0.5 s of silence |
/// | unknown | any steady tone | two or more equal bursts with a quiet pause between, or 3 s |
///
/// Where the limits come from:
/// - The nominal tones and cadences agree with public tables that derive from E.180 Supplement 2: Asterisk's
///   `indications.conf` (us: `480+620/500,0/500`, `440+480/2000,0/4000`, `!950/330,!1400/330,!1800/330`), the tones of Tizen's
///   player (425 Hz, 500 ms on and off for busy, 200 ms for congestion) and country tables (Germany: 425 Hz, 1 s on and 4 s
///   off; 950/1400/1800 Hz, 0.33 s each).
/// - T.30: CNG is 1100 Hz, 0.5 s on and 3 s off; CED is a continuous 2100 Hz tone of not less than 2.6 s and not more than
///   4.0 s; ANS of V.25 and V.8 is 2100 ± 15 Hz. That much is quoted in public documentation of fax decoders.
/// - The accepted limits of E.180 (340…500 Hz, 2.5 s of ringing tone, ratios 0.67…1.5 of busy tone, 330 ± 70 ms and 30 ms of
///   the special information tone) and the ± 38 Hz and ± 15 % of CNG could **not** be compared with the text of the clauses,
///   of which only the opening pages are public in the sources at hand. They are as implementations have them.
/// - No standard specifies an answering machine's beep. FreeSWITCH documents 440…2000 Hz for mod_avmd and 600…1100 Hz for
///   mod_vmd; LumenVox documents single tones of 70 Hz…4 kHz, 70 ms…1.5 s long, held within ± 10 Hz, with 50 ms of silence
///   after them. Here it begins at 500 Hz, above all that E.180 accepts as a network's tone, and ends at 2000 Hz, below CED;
///   the speech before it, at most 5 s earlier, and the longer silence keep whistling, notes and rhythms apart.
struct TonePlan {
    /// A recognised tone: opens an interval.
    struct Found {
        var kind: ToneKind
        var burst: ToneBurst
        var start: Int64
        var end: Int64
        /// The maximum pause, in steps.
        var pause: Int64

        /// Whether a burst belongs to it.
        func holds(_ one: ToneBurst) -> Bool {
            kind == .sit ? TonePlan.sit.contains(one.code) : burst.isSame(as: one)
        }
    }

    /// The maximum number of bursts that a cadence needs.
    static let depth = 4
    static let single = 1
    static let dialPair = 2
    static let ringPair = 3
    static let busyPair = 4
    static let cng = 5
    static let lowPair = 6
    static let ced = 7
    static let sit = 8...10
    /// A steady tone that no plan has, and two of them.
    static let any = 11
    static let anyPair = 12
    /// The tones that an answering machine's beep may have.
    static let beepHz: ClosedRange<Float> = 500...2_000
    static let lastOfPlan = 7

    private let clock: CallClock
    /// The pause after which a burst belongs to no cadence.
    let memory: Int64

    init(clock: CallClock) {
        self.clock = clock
        memory = clock.steps(ms: 10_000)
    }

    /// Classifies a burst that is still sounding.
    ///
    /// - Parameter past: the bursts before it.
    func steady(_ current: ToneBurst?, after past: [ToneBurst]) -> Found? {
        guard let current, current.length >= clock.steps(ms: 200) else { return nil }
        if current.code == Self.sit.upperBound {
            return specialInformation(past, third: current) ?? steadyUnknown(current)
        }
        switch current.code {
        case Self.single, Self.lowPair: return current.length >= steps(2_600) ? match(.dial, first: current) : nil
        case Self.dialPair: return current.length >= steps(1_000) ? match(.dial, first: current) : nil
        case Self.ringPair: return current.length >= steps(800) ? match(.ringback, first: current) : nil
        case Self.ced: return current.length >= steps(1_000) ? match(.faxCED, first: current) : nil
        default: return steadyUnknown(current)
        }
    }

    private func steadyUnknown(_ current: ToneBurst) -> Found? {
        current.length >= steps(3_000) ? match(.unknown, first: current) : nil
    }

    /// Whether a burst that is still sounding is too long for the open cadence: a dial tone after a ringing tone.
    func outlasts(_ current: ToneBurst, open: Found) -> Bool {
        guard let found = steady(current, after: []) else { return false }
        return found.kind != open.kind && open.kind != .unknown && open.kind != .sit
    }

    /// Classifies the latest bursts.
    func rhythm(of past: [ToneBurst], at number: Int64) -> Found? {
        guard let last = past.last else { return nil }
        if last.code == Self.cng, ms(last.length, in: 400..<600) { return match(.faxCNG, first: last) }
        let before = past.dropLast().last.flatMap { $0.isSame(as: last) ? $0 : nil }
        let isQuick = [Self.single, Self.busyPair, Self.lowPair, Self.ringPair].contains(last.code)
        if isQuick, let before, let kind = quick(before, other: last) { return match(kind, first: before, last: last) }
        let isRing = [Self.single, Self.lowPair].contains(last.code)
        if isRing, number + 1 - last.end >= steps(1_500) {
            if ms(last.length, in: 600..<2_600) { return match(.ringback, first: last) }
            if let before, isDoubleRing(before, other: last) { return match(.ringback, first: before, last: last) }
        }
        return unknown(past, last: last)
    }

    /// The beep after which an answering machine records: a single burst after speech of the same side, known once it has
    /// been silent for half a second.
    ///
    /// - Parameters:
    ///   - pauseDBFS: the loudest step since the last burst.
    ///   - spurts: of the same side.
    func beep(_ past: [ToneBurst], pauseDBFS: Float, spurts: RecentSpurts, at number: Int64) -> Found? {
        guard let last = past.last, (steps(500)..<steps(1_000)).contains(number + 1 - last.end),
            last.code != Self.anyPair, Self.beepHz.contains(last.hz), ms(last.length, in: 80..<1_501),
            pauseDBFS <= last.levelDBFS - 15
        else { return nil }
        // One of several bursts is a rhythm, or a tune.
        if let before = past.dropLast().last, last.start - before.end < steps(3_000) { return nil }
        guard spurts.hasSpurt(before: last.start, lasting: steps(300), within: steps(5_000)) else { return nil }
        return match(.answeringMachineBeep, first: last)
    }

    private func quick(_ one: ToneBurst, other: ToneBurst) -> ToneKind? {
        let pause = Double(other.start - one.end)
        if isReorder(one), isReorder(other) { return other.start - one.end <= steps(850) ? .reorder : nil }
        if isBusy(one), isBusy(other) {
            let ratio = Double(one.length + other.length) / 2 / max(1, pause)
            return (0.6...1.6).contains(ratio) ? .busy : nil
        }
        // Congestion of the United Kingdom: 0.4 s on, 0.35 off, 0.225 on, 0.525 off.
        guard isReorder(one) != isReorder(other), isBusy(one) != isBusy(other) else { return nil }
        let isLong = max(one.length, other.length) <= steps(460)
        return isLong && ms(other.start - one.end, in: 300..<600) ? .reorder : nil
    }

    private func isReorder(_ burst: ToneBurst) -> Bool { ms(burst.length, in: 130..<335) }
    private func isBusy(_ burst: ToneBurst) -> Bool { ms(burst.length, in: 335..<850) }

    private func isDoubleRing(_ one: ToneBurst, other: ToneBurst) -> Bool {
        ms(one.length, in: 300..<500) && ms(other.length, in: 300..<500) && ms(other.start - one.end, in: 130..<300)
    }

    /// The three tones before an announcement; the third may still be sounding.
    private func specialInformation(_ past: [ToneBurst], third: ToneBurst) -> Found? {
        let tones = Array(past.suffix(2)) + [third]
        guard tones.map(\.code) == Array(Self.sit) else { return nil }
        for (one, next) in zip(tones, tones.dropFirst()) {
            // 330 ± 70 ms and 30 ms, plus 40 ms that a change of tone conceals.
            guard ms(one.length, in: 220..<440), next.start - one.end <= steps(70) else { return nil }
        }
        return match(.sit, first: tones[0], last: third)
    }

    /// Equal bursts of a tone with quiet pauses: two of at least 0.3 s, or three shorter ones.
    private func unknown(_ past: [ToneBurst], last: ToneBurst) -> Found? {
        let needed =
            last.code < Self.any && !(Self.sit.contains(last.code) || last.code == Self.cng) || last.length < steps(300)
            ? 3 : 2
        let tones = past.suffix(needed)
        guard tones.count == needed, let first = tones.first, tones.allSatisfy({ $0.isSame(as: last) }) else {
            return nil
        }
        let pauses = zip(tones, tones.dropFirst()).map { $1.start - $0.end }
        let isEven = tones.allSatisfy { abs($0.length - last.length) <= max(steps(40), last.length / 8) }
        guard isEven, let longest = pauses.max(), let shortest = pauses.min(), shortest >= steps(100),
            longest - shortest <= max(steps(60), longest / 5),
            tones.dropFirst().allSatisfy({ $0.pauseDBFS <= $0.levelDBFS - 15 })
        else { return nil }
        var found = match(.unknown, first: first, last: last)
        found.pause = max(steps(1_000), longest * 3 / 2)
        return found
    }

    private func match(_ kind: ToneKind, first: ToneBurst, last: ToneBurst? = nil) -> Found {
        let pauseMs =
            switch kind {
            case .dial, .faxCED: 500
            case .busy: 1_500
            case .reorder: 1_000
            // E.180 accepts 6 s between rings, T.30 sends CNG every 3 s ± 15 %, E.180 a SIT every 1 s ± 0.25 s.
            case .ringback: 6_500
            case .faxCNG: 4_000
            case .sit: 1_600
            case .unknown: 1_000
            case .answeringMachineBeep: 0
            }
        return Found(
            kind: kind, burst: last ?? first, start: first.start, end: (last ?? first).end, pause: steps(pauseMs))
    }

    private func steps(_ ms: Int) -> Int64 { clock.steps(ms: ms) }

    private func ms(_ length: Int64, in range: Range<Int>) -> Bool {
        let ms = clock.duration(length) * 1000
        return ms >= Double(range.lowerBound) && ms < Double(range.upperBound)
    }
}
