import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The complex amplitudes of up to eight given frequencies in a short stretch of samples.
///
///     C[f] = 2/Σw · Σ w[n]·x[n]·e^(−2πi·f·n/rate)
///
/// so that |C[f]| is the peak amplitude of a sine of frequency f. This is Goertzel's sum, computed for all frequencies
/// at once from a table.
public struct ToneBank: Sendable {
    public enum Window: Sendable {
        /// All samples have the same weight: nulls at multiples of rate/length.
        case rectangular
        /// 0.5 − 0.5·cos(2πn/N): windows half a length apart add up to one.
        case hann
    }

    /// The result for one stretch.
    public struct Amplitudes: Sendable {
        /// Real parts, one per frequency.
        public var real: SIMD8<Float> = .zero
        /// Imaginary parts, one per frequency.
        public var imaginary: SIMD8<Float> = .zero
        /// Σ w²·x² / Σ w²: A²/2 for a tone of amplitude A.
        public var meanSquare: Float = 0

        public init() {}

        /// |C|², one per frequency.
        public var squared: SIMD8<Float> { real * real + imaginary * imaginary }
    }

    /// Samples per stretch.
    public let length: Int
    private let tables: Tables

    /// - Parameters:
    ///   - frequencies: in Hz, 1…8 of them; unused ones read 0.
    ///   - length: samples per stretch, at least 1.
    ///   - sampleRate: samples per second, above 0.
    public init(frequencies: [Double], length: Int, sampleRate: Int, window: Window) {
        precondition((1...8).contains(frequencies.count) && length > 0 && sampleRate > 0, "1…8 tones, positive length")
        self.length = length
        tables = Tables.of(
            Tables.Key(frequencies: frequencies, length: length, sampleRate: sampleRate, window: window))
    }

    /// - Parameter samples: shape `[length]`, linear samples, nominal range −1…1.
    /// - Complexity: O(length); allocates nothing.
    public func amplitudes(of samples: Span<Float>) -> Amplitudes {
        precondition(samples.count == length, "a stretch has \(length) samples")
        var result = Amplitudes()
        samples.withUnsafeBufferPointer { samples in
            tables.table.withUnsafeBufferPointer { table in
                tables.weights.withUnsafeBufferPointer { weights in
                    var real = SIMD8<Float>.zero
                    var imaginary = SIMD8<Float>.zero
                    // Two partial sums each: a single one would serialise the additions.
                    var oddReal = SIMD8<Float>.zero
                    var oddImaginary = SIMD8<Float>.zero
                    var squares = SIMD4<Float>.zero
                    var n = 0
                    while n + 4 <= length {
                        let x = SIMD4(samples[n], samples[n + 1], samples[n + 2], samples[n + 3])
                        squares += x * x * SIMD4(weights[n], weights[n + 1], weights[n + 2], weights[n + 3])
                        real += table[2 * n] * x[0]
                        imaginary += table[2 * n + 1] * x[0]
                        oddReal += table[2 * n + 2] * x[1]
                        oddImaginary += table[2 * n + 3] * x[1]
                        real += table[2 * n + 4] * x[2]
                        imaginary += table[2 * n + 5] * x[2]
                        oddReal += table[2 * n + 6] * x[3]
                        oddImaginary += table[2 * n + 7] * x[3]
                        n += 4
                    }
                    var square = squares.sum()
                    while n < length {
                        real += table[2 * n] * samples[n]
                        imaginary += table[2 * n + 1] * samples[n]
                        square += weights[n] * samples[n] * samples[n]
                        n += 1
                    }
                    result.real = real + oddReal
                    result.imaginary = imaginary + oddImaginary
                    result.meanSquare = square
                }
            }
        }
        return result
    }
}

/// The coefficients of a bank. All banks of a kind share them, so that they stay in the processor's cache.
private struct Tables: Sendable {
    struct Key: Hashable {
        var frequencies: [Double]
        var length: Int
        var sampleRate: Int
        var window: ToneBank.Window
    }

    /// Pairs of cosines and negative sines of the eight frequencies, one pair per sample, weighted.
    let table: [SIMD8<Float>]
    /// w²/Σw², one per sample.
    let weights: [Float]

    private static let known = Mutex<[Key: Tables]>([:])
    /// Two banks per sampling rate; others are not cached.
    private static let most = 32

    static func of(_ key: Key) -> Tables {
        known.withLock { known in
            if let tables = known[key] { return tables }
            let tables = Tables(key)
            if known.count < most { known[key] = tables }
            return tables
        }
    }

    private init(_ key: Key) {
        let shape = (0..<key.length).map { n in
            key.window == .hann ? 0.5 - 0.5 * cos(2 * Double.pi * (Double(n) + 0.5) / Double(key.length)) : 1
        }
        let scale = 2 / shape.reduce(0, +)
        let energy = shape.reduce(0) { $0 + $1 * $1 }
        weights = shape.map { Float($0 * $0 / energy) }
        table = (0..<key.length).flatMap { n in
            var cosines = SIMD8<Float>.zero
            var sines = SIMD8<Float>.zero
            for (index, frequency) in key.frequencies.enumerated() {
                let angle = 2 * Double.pi * frequency * Double(n) / Double(key.sampleRate)
                cosines[index] = Float(shape[n] * scale * cos(angle))
                sines[index] = Float(-shape[n] * scale * sin(angle))
            }
            return [cosines, sines]
        }
    }
}
