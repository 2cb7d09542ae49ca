import SidetoneDSP

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Recognises steady tones in the samples of one track: the standard pairs over the last 50 ms, any other single tone
/// or pair over the last 20 or 30 ms.
///
/// A pair of known frequencies is fitted to the amplitudes at both by least squares. A tone of frequency f satisfies
/// x[n + L] + x[n − L] = 2·cos(2πfL/rate)·x[n]; its least-squares solution yields the frequency, and the residual
/// yields the share of the energy. With L near a quarter of a period, noise biases neither.
struct ToneReceiver {
    private static let frequencies: [Double] = [350, 400, 440, 450, 480, 620]
    /// The frequency indices of each pair, and its code.
    private static let pairs: [(one: Int, other: Int, code: Int)] = [
        (0, 2, TonePlan.dialPair), (0, 3, TonePlan.dialPair), (2, 4, TonePlan.ringPair), (4, 5, TonePlan.busyPair),
        (1, 3, TonePlan.lowPair),
    ]
    /// The minimum share of the energy of a standard pair, a single tone, and two other tones.
    static let pairShare: Float = 0.75
    static let singleShare: Float = 0.93
    static let doubleShare: Float = 0.97
    /// The maximum power ratio of the two tones of a pair: 6 dB.
    static let pairRatio: Float = 4
    /// Tones below this level are ignored, in dBFS.
    static let quiet: Float = -45
    /// The number of 10 ms blocks in which a single tone must keep its frequency.
    static let steadyBlocks = 3
    /// The codes of single tones by their limits, in Hz, 2 Hz wider than in the standards for the resolution of 20 ms.
    private static let singles: [(hz: ClosedRange<Float>, code: Int)] = [
        (338...502, TonePlan.single), (1_060...1_140, TonePlan.cng), (2_083...2_117, TonePlan.ced),
        (898...1_002, TonePlan.sit.lowerBound), (1_348...1_452, TonePlan.sit.lowerBound + 1),
        (1_748...1_852, TonePlan.sit.upperBound),
    ]

    private let bank: ToneBank
    private let sampleRate: Float
    /// e^(−2πi·f·block/rate): the phase advance from one block to the next.
    private let turn: (real: SIMD8<Float>, imaginary: SIMD8<Float>)
    /// The last five blocks of 10 ms, with phases as if each started at the newest.
    private var blocks = [ToneBank.Amplitudes](repeating: .init(), count: 5)
    private var slot = 0
    /// How many of the five were analysed.
    private var looked = 0
    private let fits: [PairFit]
    /// The last 30 ms.
    private var recent: [Float]
    /// The number of filled blocks in `recent`.
    private var filled = 0
    private let least: Float
    private var steady = (blocks: 0, hz: Float(0), isDouble: false)
    /// The current tone: a code of `ToneFeature`'s column; 0: no steady tone.
    private(set) var code: Float = 0
    /// The frequency of a single tone, or the lower one of a non-standard pair; 0 for none and for a standard pair.
    private(set) var hz: Float = 0
    var blockLength: Int { bank.length }

    init(sampleRate rate: Int) {
        let block = max(1, rate / 100)
        bank = ToneBank(frequencies: Self.frequencies, length: block, sampleRate: rate, window: .rectangular)
        sampleRate = Float(rate)
        var real = SIMD8<Float>.zero
        var imaginary = SIMD8<Float>.zero
        for (index, frequency) in Self.frequencies.enumerated() {
            let angle = 2 * Double.pi * frequency * Double(block) / Double(rate)
            real[index] = Float(cos(angle))
            imaginary[index] = Float(sin(angle))
        }
        turn = (real, imaginary)
        least = powf(10, Self.quiet / 10)
        recent = [Float](repeating: 0, count: 3 * block)
        fits = Self.pairs.map {
            PairFit(Self.frequencies[$0.one], Self.frequencies[$0.other], over: -4 * block..<block, sampleRate: rate)
        }
    }

    /// Processes the next block of 10 ms.
    ///
    /// - Parameter peakHz: the spectral maximum of the block; nil if it is known to contain no tone, which avoids the
    ///   analysis.
    mutating func process(_ samples: Span<Float>, peakHz: Float?) {
        guard let peakHz else {
            if looked > 0 {
                looked = 0
                filled = 0
                steady.blocks = 0
                for index in blocks.indices { blocks[index] = .init() }
            }
            code = 0
            hz = 0
            return
        }
        store(samples)
        looked = min(looked + 1, blocks.count)
        code = pair(samples)
        hz = 0
        let isSteady = track(peakHz)
        guard code == 0, isSteady else { return }
        hz = steady.hz
        code = Float(steady.isDouble ? TonePlan.anyPair : Self.code(of: hz))
    }

    private static func code(of hz: Float) -> Int {
        singles.first { $0.hz.contains(hz) }?.code ?? TonePlan.any
    }

    private mutating func store(_ samples: Span<Float>) {
        let length = blockLength
        for n in 0..<2 * length { recent[n] = recent[n + length] }
        for n in 0..<length { recent[2 * length + n] = samples[n] }
        filled = min(filled + 1, 3)
    }

    /// The current standard pair.
    private mutating func pair(_ samples: Span<Float>) -> Float {
        for index in blocks.indices {
            // Relative to the start of a block 10 ms later, a tone's phase has advanced.
            let real = blocks[index].real
            let imaginary = blocks[index].imaginary
            blocks[index].real = real * turn.real - imaginary * turn.imaginary
            blocks[index].imaginary = real * turn.imaginary + imaginary * turn.real
        }
        blocks[slot] = bank.amplitudes(of: samples)
        slot = (slot + 1) % blocks.count
        var total = ToneBank.Amplitudes()
        for block in blocks {
            total.real += block.real
            total.imaginary += block.imaginary
            total.meanSquare += block.meanSquare
        }
        let count = Float(blocks.count)
        total.meanSquare /= count
        guard total.meanSquare >= least else { return 0 }
        total.real /= count
        total.imaginary /= count
        let needed = Self.pairShare * total.meanSquare
        for (pair, fit) in zip(Self.pairs, fits) {
            let (one, other) = fit.powers(
                (total.real[pair.one], total.imaginary[pair.one]),
                other: (total.real[pair.other], total.imaginary[pair.other]))
            if one + other >= needed, one + other <= total.meanSquare / Self.pairShare,
                one <= Self.pairRatio * other, other <= Self.pairRatio * one
            {
                return Float(pair.code)
            }
        }
        return 0
    }

    /// The lag closest to a quarter of a period; above a quarter of the rate, to any odd number of quarters: farther
    /// from it, noise biases the frequency towards the quarter.
    ///
    /// - Parameter frequency: as a fraction of the rate.
    private static func lag(of frequency: Float) -> Int {
        guard 4 * frequency > 1 else { return max(1, Int((1 / (4 * frequency)).rounded())) }
        var (best, least) = (1, Float.infinity)
        for lag in 1...4 {
            let miss = abs(cosf(2 * .pi * frequency * Float(lag)))
            if miss < least { (best, least) = (lag, miss) }
        }
        return best
    }

    /// The angle with the same cosine in the half turn that contains another angle.
    private static func unfolded(_ angle: Float, near other: Float) -> Float {
        let halves = (other / .pi).rounded(.down)
        let isEven = halves.truncatingRemainder(dividingBy: 2) == 0
        return halves * .pi + (isEven ? angle : .pi - angle)
    }

    /// Tracks the frequency of a non-standard tone; returns whether it is stable.
    private mutating func track(_ peakHz: Float) -> Bool {
        guard filled >= 2, peakHz > 0 else { return false }
        let length = blockLength
        let lag = max(1, Int((sampleRate / (4 * peakHz)).rounded()))
        var found: (hz: Float, isDouble: Bool)?
        let singleLag = Self.lag(of: peakHz / sampleRate)
        let single = recent.withUnsafeBufferPointer { LinearTone.single($0, from: length, lag: singleLag) }
        if single.meanSquare < least {
            found = nil
        } else if single.share >= Self.singleShare {
            let angle = Self.unfolded(single.angle, near: 2 * .pi * peakHz / sampleRate * Float(singleLag))
            found = (angle / Float(singleLag) * sampleRate / (2 * .pi), false)
        } else if filled == 3, code == 0 {
            let double = recent.withUnsafeBufferPointer { LinearTone.double($0, lag: lag) }
            if double.share >= Self.doubleShare {
                found = (double.angle / Float(lag) * sampleRate / (2 * .pi), true)
            }
        }
        guard let found else {
            steady.blocks = 0
            return false
        }
        let tolerance = max(8, 0.01 * steady.hz)
        if steady.blocks > 0, steady.isDouble == found.isDouble, abs(found.hz - steady.hz) <= tolerance {
            steady.blocks += 1
            // A mean over the first blocks, then a slow average: the resolution of 20 ms is ±2 Hz.
            steady.hz += (found.hz - steady.hz) / Float(min(steady.blocks, 10))
        } else {
            steady = (1, found.hz, found.isDouble)
        }
        return steady.blocks >= Self.steadyBlocks
    }
}
