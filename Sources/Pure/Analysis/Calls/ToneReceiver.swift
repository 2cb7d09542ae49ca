import SidetoneDSP

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Recognises the frequencies of call-progress tones in the samples of one track, over the last 50 ms.
struct ToneReceiver {
    private static let frequencies: [Double] = [350, 425, 440, 480, 620, 1100]
    /// What the tone must hold of the energy.
    static let share: Float = 0.7
    /// What two tones of a pair may differ, as a ratio of powers: 6 dB.
    static let pairRatio: Float = 4
    /// Softer tones are not looked at, in dBFS.
    static let quiet: Float = -45

    private let bank: ToneBank
    /// e^(−2πi·f·block/rate): what a block's phases are ahead of the one before.
    private let turn: (real: SIMD8<Float>, imaginary: SIMD8<Float>)
    /// The last five blocks of 10 ms, phases as if each began at the newest.
    private var blocks = [ToneBank.Amplitudes](repeating: .init(), count: 5)
    private var place = 0
    private let least: Float
    /// What sounds: a place in the list of `ToneFeature`'s column; 0: none of them.
    private(set) var code: Float = 0
    var blockLength: Int { bank.length }

    init(sampleRate rate: Int) {
        let block = max(1, rate / 100)
        bank = ToneBank(frequencies: Self.frequencies, length: block, sampleRate: rate, window: .rectangular)
        var real = SIMD8<Float>.zero
        var imaginary = SIMD8<Float>.zero
        for (index, frequency) in Self.frequencies.enumerated() {
            let angle = 2 * Double.pi * frequency * Double(block) / Double(rate)
            real[index] = Float(cos(angle))
            imaginary[index] = Float(sin(angle))
        }
        turn = (real, imaginary)
        least = powf(10, Self.quiet / 10)
    }

    /// Takes the next block of 10 ms.
    ///
    /// - Parameter mayHold: false when it is known that the block holds no tone; spares the look at it.
    mutating func process(_ samples: Span<Float>, mayHold: Bool = true) {
        var newest = ToneBank.Amplitudes()
        if mayHold {
            newest = bank.amplitudes(of: samples)
        } else {
            newest.meanSquare = Level.sumOfSquares(samples) / Float(samples.count)
        }

        for index in blocks.indices {
            // Referred to the start of a block 10 ms later, a tone's phase is further on.
            let real = blocks[index].real
            let imaginary = blocks[index].imaginary
            blocks[index].real = real * turn.real - imaginary * turn.imaginary
            blocks[index].imaginary = real * turn.imaginary + imaginary * turn.real
        }
        blocks[place] = newest
        place = (place + 1) % blocks.count
        var total = ToneBank.Amplitudes()
        for block in blocks {
            total.real += block.real
            total.imaginary += block.imaginary
            total.meanSquare += block.meanSquare
        }
        let count = Float(blocks.count)
        total.meanSquare /= count
        code = total.meanSquare >= least ? Self.code(total.squared / (2 * count * count), of: total.meanSquare) : 0
    }

    /// - Parameter powers: A²/2 of each frequency.
    private static func code(_ powers: SIMD8<Float>, of total: Float) -> Float {
        let needed = share * total
        if powers[1] >= needed { return 1 }
        if powers[5] >= needed { return 5 }
        if isPair(powers[0], powers[2], needed) { return 2 }
        if isPair(powers[2], powers[3], needed) { return 3 }
        if isPair(powers[3], powers[4], needed) { return 4 }
        return 0
    }

    private static func isPair(_ one: Float, _ other: Float, _ needed: Float) -> Bool {
        one + other >= needed && one <= pairRatio * other && other <= pairRatio * one
    }
}
