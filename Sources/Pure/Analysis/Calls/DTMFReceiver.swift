import SidetoneDSP
import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Recognises DTMF digits (ITU-T Q.23, Q.24) in the samples of one track.
///
/// Hann windows of 20 ms every 10 ms yield the amplitudes of the eight frequencies. In the windows of a digit two of
/// them carry the energy; their phase advance from window to window yields their true frequencies, so that a deviation
/// of 1.5 % is accepted and one of 3.5 % rejected. As overlapping windows add up to one, the amplitudes at a digit's
/// edges locate its start and end to a fraction of a window.
struct DTMFReceiver {
    /// A completed digit, in samples of the track.
    struct Digit: Equatable {
        /// Its index in `DTMFReceiver.digits`, from 1.
        var code: Int
        var start: Int64
        var end: Int64
        /// The mean level of both tones.
        var levelDBFS: Float
    }

    /// The rows of a keypad: low group 697, 770, 852, 941 Hz, high group 1209, 1336, 1477, 1633 Hz.
    static let digits: [String] = [
        "1", "2", "3", "A", "4", "5", "6", "B", "7", "8", "9", "C", "*", "0", "#", "D",
    ]
    static let frequencies: [Double] = [697, 770, 852, 941, 1209, 1336, 1477, 1633]

    /// Between the 1.5 % that must be accepted and the 3.5 % that must be rejected (Q.24 Table 1).
    static let frequencyTolerance: Float = 0.025
    /// High over low group, in dB: Q.24 accepts −8…+4 (AT&T); 1 dB is added for noise.
    static let twist: ClosedRange<Float> = -9...5
    /// The minimum share of both tones in the energy: a digit in noise of 6 dB has 0.8, a vowel's two strongest
    /// harmonics less.
    static let share: Float = 0.85
    /// The minimum number of windows without the digit that end it.
    static let gapWindows = 3
    /// The maximum number of windows that a break may last, whatever they contain of its tones.
    static let longestGapWindows = 6
    /// The minimum relative amplitude of a window in a break of the digit.
    static let emptyShare: Float = 0.2
    /// The maximum missing time between two equal digits that are one key press, in milliseconds: a break of 10 ms is
    /// part of the digit, a pause of 40 ms is not (Q.24 Table 1). The missing time is exact if the tones continue in
    /// phase; if the key's contact bounces, up to 15 ms more seem to be missing.
    static let longestBreakMs: Float = 30

    /// One window: the strongest tone of each group, and the amplitudes.
    private struct Window {
        var amplitudes = ToneBank.Amplitudes()
        /// The strongest tones of the low group, 0…3, and of the high group, 4…7; nil if the window is too quiet.
        var pair: (low: Int, high: Int)?

        /// The smaller of both amplitudes, relative to a digit's.
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
        /// Amplitudes of the digit at its start, and its current ones.
        var begin: (low: Float, high: Float)
        var now: (low: Float, high: Float)
        /// The windows up to the first one of the digit, newest first.
        let head: [Window]
        /// The windows from the last one that contained the digit, oldest first.
        var tail: [Window]
    }

    private let bank: ToneBank
    private let block: Int
    private let minimumPower: Float
    private let minimumSamples: Int64
    private let sampleRate: Float
    /// e^(2πi·f·block/rate): the phase advance from window to window.
    private let advance: [(real: Float, imaginary: Float)]
    private var buffer: [Float]
    private var blocks: Int64 = 0
    private var before = Window()
    private var beforeThat = Window()
    private var open: Open?

    /// - Parameters:
    ///   - minimumDBm0: the minimum level of each tone, in dBm0 (0 dBm0 = −6.18 dBov).
    ///   - minimumMs: the minimum duration of a digit.
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

    /// Samples per block, 10 ms.
    var blockLength: Int { block }
    /// The current digit, from the second window that contains it; 0 for none.
    var present: Int { (open?.count ?? 0) > 1 ? open?.code ?? 0 : 0 }
    /// The current mean level of both tones.
    var levelDBFS: Float { open.map { Self.level($0.now) } ?? Level.floor }

    /// Processes the next block of 10 ms; returns the digit whose end it confirms.
    ///
    /// - Parameter mayHold: false if the block is known to contain no digit, which avoids the analysis.
    mutating func process(_ samples: Span<Float>, mayHold: Bool = true) -> Digit? {
        for n in 0..<block {
            buffer[n] = buffer[n + block]
            buffer[n + block] = samples[n]
        }
        blocks += 1
        // Windows are numbered by their last block; the first one includes a block of silence before the track.
        let window = mayHold ? evaluate() : Window()
        defer {
            beforeThat = before
            before = window
        }
        let code = code(of: window)
        if var digit = open {
            if code == digit.code, isOneKey(digit, window: window) {
                extend(&digit, window: window)
                open = digit
                return nil
            }
            guard code == 0 else {
                open = begin(code, window: window)
                return close(digit)
            }
            digit.tail.append(window)
            open = digit
            guard isOver(digit) else { return nil }
            open = nil
            return close(digit)
        }
        if code != 0 { open = begin(code, window: window) }
        return nil
    }

    /// Whether a window that contains the digit again belongs to the same key press.
    private func isOneKey(_ digit: Open, window: Window) -> Bool {
        guard digit.tail.count > 1 else { return true }
        // As overlapping windows add up to one, the deficits of their amplitudes add up to the break.
        var missing = 1 - window.share(digit.low, high: digit.high, of: digit.now)
        for window in digit.tail { missing += 1 - window.share(digit.low, high: digit.high, of: digit.now) }
        return missing * Float(block) <= Self.longestBreakMs / 1000 * sampleRate
    }

    /// Whether a digit has ended: its tones have been absent for longer than a break.
    private func isOver(_ digit: Open) -> Bool {
        let gap = digit.tail.count - 1
        guard gap >= Self.gapWindows else { return false }
        if gap >= Self.longestGapWindows { return true }
        return digit.tail.suffix(2).allSatisfy {
            $0.share(digit.low, high: digit.high, of: digit.now) < Self.emptyShare
        }
    }

    /// Ends the track.
    mutating func finish() -> Digit? {
        defer { open = nil }
        return open.flatMap(close)
    }

    private func evaluate() -> Window {
        var window = Window()
        // A window without the energy of two tones costs only a sum of squares.
        guard Level.sumOfSquares(buffer.span) > minimumPower * Float(block) / 2 else { return window }
        window.amplitudes = bank.amplitudes(of: buffer.span)
        let squared = window.amplitudes.squared
        var low = 0
        var high = 4
        for index in 1..<4 {
            if squared[index] > squared[low] { low = index }
            if squared[index + 4] > squared[high] { high = index + 4 }
        }
        window.pair = (low, high)
        return window
    }

    /// The digit in a window, evaluated together with the window before; 0 for none.
    private func code(of window: Window) -> Int {
        guard let pair = window.pair, before.pair != nil else { return 0 }
        let squared = window.amplitudes.squared
        let low = squared[pair.low] / 2
        let high = squared[pair.high] / 2
        guard min(low, high) >= minimumPower, low + high >= 0.4 * window.amplitudes.meanSquare else { return 0 }
        let twist = 10 * log10f(high / low)
        guard Self.twist.contains(twist) else { return 0 }
        // Half the neighbour's power would be a tone between two frequencies of the group.
        for index in 0..<4 where index != pair.low && squared[index] > 0.4 * squared[pair.low] { return 0 }
        for index in 4..<8 where index != pair.high && squared[index] > 0.4 * squared[pair.high] { return 0 }
        guard let lowGain = gain(pair.low, window: window), let highGain = gain(pair.high, window: window) else {
            return 0
        }
        guard low / lowGain + high / highGain >= Self.share * window.amplitudes.meanSquare else { return 0 }
        return pair.low * 4 + pair.high - 4 + 1
    }

    /// The power gain of a Hann window for a tone at this offset; nil if the offset is too large to accept.
    private func gain(_ index: Int, window: Window) -> Float? {
        let now = (window.amplitudes.real[index], window.amplitudes.imaginary[index])
        let then = (before.amplitudes.real[index], before.amplitudes.imaginary[index])
        // The window before must contain the tone too, at least at its edge.
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

    private func begin(_ code: Int, window: Window) -> Open {
        let low = (code - 1) / 4
        let high = (code - 1) % 4 + 4
        let full = (window.amplitudes.squared[low].squareRoot(), window.amplitudes.squared[high].squareRoot())
        return Open(
            code: code, low: low, high: high, first: blocks, last: blocks, begin: full, now: full,
            head: [window, before, beforeThat], tail: [window])
    }

    private func extend(_ digit: inout Open, window: Window) {
        let low = window.amplitudes.squared[digit.low].squareRoot()
        let high = window.amplitudes.squared[digit.high].squareRoot()
        digit.last = blocks
        digit.count += 1
        if digit.count <= 3 { digit.begin = (max(digit.begin.low, low), max(digit.begin.high, high)) }
        // The level at its end, not its overall maximum.
        digit.now = (max(0.9 * digit.now.low, low), max(0.9 * digit.now.high, high))
        digit.tail.removeAll(keepingCapacity: true)
        digit.tail.append(window)
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
        // A single window has no neighbours to confirm its frequencies on both sides.
        guard digit.count > 1, last - first >= minimumSamples else { return nil }
        return Digit(code: digit.code, start: max(0, first), end: last, levelDBFS: Self.level(digit.begin))
    }

    private static func level(_ amplitudes: (low: Float, high: Float)) -> Float {
        10 * log10f(max(1e-12, amplitudes.low * amplitudes.high / 2))
    }
}
