import Foundation

/// Converts the sample rate: each output sample is a weighted sum of the inputs around its time.
///
///     y[m] = Σ x[n]·h(n − m·in/out),   h(t) = c·sinc(c·t)·w(t),   c = 0.9·min(1, out/in)
///
/// with the Blackman window w over 16 zero crossings on each side: Oppenheim and Schafer, Discrete-Time Signal
/// Processing, §4.6 and §7.5. Frequencies above 0.9 of the lower Nyquist frequency are attenuated by about 70 dB.
package struct Resampler {
    private static let crossings = 16.0
    private static let passed = 0.9

    private let step: Int
    private let phases: Int
    /// Input samples on each side of an output time.
    private let reach: Int
    /// The weights of each phase, `2·reach` in a row.
    private let weights: [[Float]]
    /// Inputs that are still needed; the first one has the index `first`.
    private var history: [Float]
    private var first: Int
    /// The next output sample, as the index of its input and the phase after it.
    private var place = 0
    private var phase = 0
    private var taken: Int64 = 0
    private var given: Int64 = 0

    /// - Parameters: samples per second, each above 0.
    package init(from input: Int, to output: Int) {
        var divisor = (input, output)
        while divisor.1 != 0 { divisor = (divisor.1, divisor.0 % divisor.1) }
        step = input / divisor.0
        phases = output / divisor.0
        let cutoff = Self.passed * min(1, Double(output) / Double(input))
        let width = Self.crossings / cutoff
        reach = Int(width.rounded(.up))
        let (reach, phases) = (reach, phases)
        weights = (0..<phases).map { phase in
            let row = (-reach + 1...reach).map { n -> Double in
                let time = Double(n) - Double(phase) / Double(phases)
                guard abs(time) < width else { return 0 }
                let x = Double.pi * cutoff * time
                let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
                let window = 0.42 + 0.5 * cos(.pi * time / width) + 0.08 * cos(2 * .pi * time / width)
                return cutoff * sinc * window
            }
            // Each phase has unity gain at 0 Hz.
            let sum = row.reduce(0, +)
            return row.map { Float($0 / sum) }
        }
        history = [Float](repeating: 0, count: reach - 1)
        first = -(reach - 1)
    }

    /// Processes the next samples, and returns the outputs that they complete.
    package mutating func process(_ samples: some Sequence<Int16>) -> [Int16] {
        let before = history.count
        history.append(contentsOf: samples.lazy.map { Float($0) })
        taken += Int64(history.count - before)
        return emit(limit: .max)
    }

    /// Returns the remaining outputs, for a total duration equal to the input's.
    package mutating func finish() -> [Int16] {
        let whole = (taken * Int64(phases) + Int64(step) - 1) / Int64(step)
        history.append(contentsOf: repeatElement(0, count: reach + step))
        return emit(limit: whole - given)
    }

    private mutating func emit(limit: Int64) -> [Int16] {
        var output: [Int16] = []
        while Int64(output.count) < limit {
            let start = place - reach + 1 - first
            guard start + 2 * reach <= history.count else { break }
            let row = weights[phase]
            var sum: Float = 0
            for n in 0..<2 * reach { sum += row[n] * history[start + n] }
            output.append(Int16(clamping: Int(sum.rounded())))
            phase += step
            place += phase / phases
            phase %= phases
        }
        given += Int64(output.count)
        let done = place - reach + 1 - first
        if done > 0 {
            let count = min(done, history.count)
            history.removeFirst(count)
            first += count
        }
        return output
    }
}
