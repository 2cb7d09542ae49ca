import SidetoneDSP
import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Recognises push-button digits (ITU-T Q.23, Q.24) in the samples of one track.
///
/// Hann windows of 20 ms every 10 ms give the amplitudes of the eight frequencies. In a digit's windows two of them
/// carry the energy; how their phases advance from window to window gives their true frequencies, so a deviation of
/// 1.5 % is accepted and one of 3.5 % refused. As neighbouring windows add up to one, the amplitudes at a digit's edges
/// tell where it began and ended to a fraction of a window.
struct DTMFReceiver {
    /// A digit that is over, in samples since the first.
    struct Digit: Equatable {
        /// Its place in `DTMFReceiver.digits`, from 1.
        var code: Int
        var start: Int64
        var end: Int64
        /// The mean of both tones.
        var levelDBFS: Float
    }

    /// Row by row of a keypad: low group 697, 770, 852, 941 Hz, high group 1209, 1336, 1477, 1633 Hz.
    static let digits: [String] = [
        "1", "2", "3", "A", "4", "5", "6", "B", "7", "8", "9", "C", "*", "0", "#", "D",
    ]
    static let frequencies: [Double] = [697, 770, 852, 941, 1209, 1336, 1477, 1633]

    /// Between the 1.5 % that must be accepted and the 3.5 % that must be refused (Q.24 Table 1).
    static let frequencyTolerance: Float = 0.025
    /// High over low group, in dB: Q.24 accepts −8…+4 (AT&T), here with 1 dB for noise.
    static let twist: ClosedRange<Float> = -9...5
    /// What both tones must hold of the energy: a digit in noise of 6 dB has 0.8, a vowel's two strongest harmonics less.
    static let share: Float = 0.85
    /// How many windows without the digit end it, at least.
    static let gapWindows = 3
    /// How many end it at most, whatever they hold of its tones.
    static let longestGapWindows = 6
    /// A window with less of the digit's amplitude is in no break of it.
    static let emptyShare: Float = 0.2
    /// Digit time that may be missing between two equal digits that are one key, in milliseconds: a break of 10 ms is
    /// one, a pause of 40 ms is none (Q.24 Table 1). What is missing is exact where the tones go on in phase; where the
    /// key's contact bounces, up to 15 ms more seem to be missing.
    static let longestBreakMs: Float = 30

    /// One window: who is strongest in each group, and how strong.
    private struct Seen {
        var amplitudes = ToneBank.Amplitudes()
        /// The strongest of the low group, 0…3, and of the high group, 4…7; nil when the window is too soft.
        var pair: (low: Int, high: Int)?

        /// The weaker of both amplitudes, relative to a digit's.
        func share(_ low: Int, high: Int, of full: (low: Float, high: Float)) -> Float {
            let squared = amplitudes.squared
            return min(1, squared[low].squareRoot() / full.low, squared[high].squareRoot() / full.high)
        }
    }

    private struct Open {
        let code: Int
        let low: Int
        let high: Int
        let first: Int64
        var last: Int64
        var count = 1
        /// Amplitudes of the digit where it began, and where it is now.
        var begin: (low: Float, high: Float)
        var now: (low: Float, high: Float)
        /// The windows up to the first one, newest first.
        let head: [Seen]
        /// The windows from the last one on that held the digit, oldest first.
        var tail: [Seen]
    }

    private let bank: ToneBank
    private let block: Int
    private let minimumPower: Float
    private let minimumSamples: Int64
    private let sampleRate: Float
    /// e^(2πi·f·block/rate): what the phases advance from window to window.
    private let advance: [(real: Float, imaginary: Float)]
    private var buffer: [Float]
    private var blocks: Int64 = 0
    private var before = Seen()
    private var beforeThat = Seen()
    private var open: Open?

    /// - Parameters:
    ///   - minimumDBm0: what each tone must have, in dBm0 (0 dBm0 = −6.18 dBov).
    ///   - minimumMs: what a digit must last.
    init(sampleRate: Int, minimumDBm0: Double, minimumMs: Int) {
        block = max(1, sampleRate / 100)
        buffer = [Float](repeating: 0, count: 2 * block)
        self.sampleRate = Float(sampleRate)
        bank = ToneBank(frequencies: Self.frequencies, length: 2 * block, sampleRate: sampleRate, window: .hann)
        minimumPower = Float(pow(10, (minimumDBm0 - 6.18) / 10))
        minimumSamples = Int64(sampleRate * minimumMs / 1000)
        let block = block
        advance = Self.frequencies.map { frequency in
            let angle = 2 * Double.pi * frequency * Double(block) / Double(sampleRate)
            return (Float(cos(angle)), Float(sin(angle)))
        }
    }

    /// Samples a block, 10 ms.
    var blockLength: Int { block }
    /// The digit that sounds now, from the second window that holds it on; 0 when none does.
    var present: Int { (open?.count ?? 0) > 1 ? open?.code ?? 0 : 0 }
    /// Its level now: the mean of both tones.
    var levelDBFS: Float { open.map { Self.level($0.now) } ?? Level.floor }

    /// Takes the next block of 10 ms; gives the digit whose end it confirms.
    ///
    /// - Parameter mayHold: false when it is known that the block holds no digit; spares the look at it.
    mutating func process(_ samples: Span<Float>, mayHold: Bool = true) -> Digit? {
        for n in 0..<block {
            buffer[n] = buffer[n + block]
            buffer[n + block] = samples[n]
        }
        blocks += 1
        // Windows are numbered by the block that they end with; the first one covers a block of silence before the track.
        let seen = mayHold ? evaluate() : Seen()
        defer {
            beforeThat = before
            before = seen
        }
        let code = code(of: seen)
        if var digit = open {
            if code == digit.code, isOneKey(digit, seen: seen) {
                extend(&digit, seen: seen)
                open = digit
                return nil
            }
            guard code == 0 else {
                open = begin(code, seen: seen)
                return close(digit)
            }
            digit.tail.append(seen)
            open = digit
            guard isOver(digit) else { return nil }
            open = nil
            return close(digit)
        }
        if code != 0 { open = begin(code, seen: seen) }
        return nil
    }

    /// Whether a window that holds the digit again belongs to the key that was pressed before.
    private func isOneKey(_ digit: Open, seen: Seen) -> Bool {
        guard digit.tail.count > 1 else { return true }
        // As neighbouring windows add up to one, what their amplitudes lack of the digit's adds up to the break.
        var missing = 1 - seen.share(digit.low, high: digit.high, of: digit.now)
        for window in digit.tail { missing += 1 - window.share(digit.low, high: digit.high, of: digit.now) }
        return missing * Float(block) <= Self.longestBreakMs / 1000 * sampleRate
    }

    /// Whether a digit is over: its tones are away for longer than a break.
    private func isOver(_ digit: Open) -> Bool {
        let gap = digit.tail.count - 1
        guard gap >= Self.gapWindows else { return false }
        if gap >= Self.longestGapWindows { return true }
        return digit.tail.suffix(2).allSatisfy {
            $0.share(digit.low, high: digit.high, of: digit.now) < Self.emptyShare
        }
    }

    /// The track is over.
    mutating func finish() -> Digit? {
        defer { open = nil }
        return open.flatMap(close)
    }

    private func evaluate() -> Seen {
        var seen = Seen()
        // A window that cannot hold two tones loud enough costs a sum of squares.
        guard Level.sumOfSquares(buffer.span) > minimumPower * Float(block) / 2 else { return seen }
        seen.amplitudes = bank.amplitudes(of: buffer.span)
        let squared = seen.amplitudes.squared
        var low = 0
        var high = 4
        for index in 1..<4 {
            if squared[index] > squared[low] { low = index }
            if squared[index + 4] > squared[high] { high = index + 4 }
        }
        seen.pair = (low, high)
        return seen
    }

    /// The digit that a window holds, judged together with the window before it; 0 when it holds none.
    private func code(of seen: Seen) -> Int {
        guard let pair = seen.pair, before.pair != nil else { return 0 }
        let squared = seen.amplitudes.squared
        let low = squared[pair.low] / 2
        let high = squared[pair.high] / 2
        guard min(low, high) >= minimumPower, low + high >= 0.4 * seen.amplitudes.meanSquare else { return 0 }
        let twist = 10 * log10f(high / low)
        guard Self.twist.contains(twist) else { return 0 }
        // Half the neighbour's power would be a tone between two of the group.
        for index in 0..<4 where index != pair.low && squared[index] > 0.4 * squared[pair.low] { return 0 }
        for index in 4..<8 where index != pair.high && squared[index] > 0.4 * squared[pair.high] { return 0 }
        guard let lowGain = gain(pair.low, seen: seen), let highGain = gain(pair.high, seen: seen) else { return 0 }
        guard low / lowGain + high / highGain >= Self.share * seen.amplitudes.meanSquare else { return 0 }
        return pair.low * 4 + pair.high - 4 + 1
    }

    /// What a Hann window leaves of the power of a tone this far off; nil when it is too far off to be accepted.
    private func gain(_ index: Int, seen: Seen) -> Float? {
        let now = (seen.amplitudes.real[index], seen.amplitudes.imaginary[index])
        let then = (before.amplitudes.real[index], before.amplitudes.imaginary[index])
        // The window before must hold the tone too, at least at its edge.
        guard then.0 * then.0 + then.1 * then.1 > 0.09 * (now.0 * now.0 + now.1 * now.1) else { return nil }
        // now·conj(then)·conj(advance)
        let turned = (now.0 * then.0 + now.1 * then.1, now.1 * then.0 - now.0 * then.1)
        let step = advance[index]
        let real = turned.0 * step.real + turned.1 * step.imaginary
        let imaginary = turned.1 * step.real - turned.0 * step.imaginary
        let offset = atan2f(imaginary, real) / (2 * Float.pi) * sampleRate / Float(block)
        guard abs(offset) <= Self.frequencyTolerance * Float(Self.frequencies[index]) else { return nil }
        // Hann: sinc(v)/(1 − v²) with v in bins of a window.
        let bins = abs(offset) * 2 * Float(block) / sampleRate
        guard bins > 1e-3 else { return 1 }
        let response = sinf(.pi * bins) / (.pi * bins * (1 - bins * bins))
        return response * response
    }

    private func begin(_ code: Int, seen: Seen) -> Open {
        let low = (code - 1) / 4
        let high = (code - 1) % 4 + 4
        let full = (seen.amplitudes.squared[low].squareRoot(), seen.amplitudes.squared[high].squareRoot())
        return Open(
            code: code, low: low, high: high, first: blocks, last: blocks, begin: full, now: full,
            head: [seen, before, beforeThat], tail: [seen])
    }

    private func extend(_ digit: inout Open, seen: Seen) {
        let low = seen.amplitudes.squared[digit.low].squareRoot()
        let high = seen.amplitudes.squared[digit.high].squareRoot()
        digit.last = blocks
        digit.count += 1
        if digit.count <= 3 { digit.begin = (max(digit.begin.low, low), max(digit.begin.high, high)) }
        // The level where it ends, not its greatest ever.
        digit.now = (max(0.9 * digit.now.low, low), max(0.9 * digit.now.high, high))
        digit.tail.removeAll(keepingCapacity: true)
        digit.tail.append(seen)
    }

    private func close(_ digit: Open) -> Digit? {
        let length = Float(block)
        let head = digit.head.reduce(Float(0)) { $0 + $1.share(digit.low, high: digit.high, of: digit.begin) }
        let tail = digit.tail.prefix(3).reduce(Float(0)) { $0 + $1.share(digit.low, high: digit.high, of: digit.now) }
        // Window b covers the blocks b − 1 and b, so its centre is (b − 1)·block.
        let start = Float(0.5) * length - length * head
        let end = length * tail - 0.5 * length
        let first = (digit.first - 1) * Int64(block) + Int64(start.rounded())
        let last = (digit.last - 1) * Int64(block) + Int64(end.rounded())
        // One window alone has no neighbour that confirms its frequencies on both sides.
        guard digit.count > 1, last - first >= minimumSamples else { return nil }
        return Digit(code: digit.code, start: max(0, first), end: last, levelDBFS: Self.level(digit.begin))
    }

    private static func level(_ amplitudes: (low: Float, high: Float)) -> Float {
        10 * log10f(max(1e-12, amplitudes.low * amplitudes.high / 2))
    }
}
