import CFFTW
import Glibc

/// The named reference: what no spectral measure can do without, written as plainly as C. Window, FFTW, power.
final class Floor {
    private let window: Int
    private let bins: Int
    private let weights: UnsafeMutablePointer<Float>
    private let input: UnsafeMutablePointer<Float>
    private let output: UnsafeMutablePointer<fftwf_complex>
    private let power: UnsafeMutablePointer<Float>
    private let plan: fftwf_plan

    init?(window: Int, size: Int, flags: UInt32) {
        self.window = window
        bins = size / 2 + 1
        func floats(_ count: Int) -> UnsafeMutablePointer<Float>? {
            let memory = fftwf_malloc(count * 4)?.bindMemory(to: Float.self, capacity: count)
            memory?.initialize(repeating: 0, count: count)
            return memory
        }
        guard let weights = floats(window), let input = floats(size), let output = fftwf_malloc(bins * 8),
            let power = floats(bins)
        else { return nil }
        self.weights = weights
        self.input = input
        self.output = output.bindMemory(to: fftwf_complex.self, capacity: bins)
        self.power = power
        guard let plan = fftwf_plan_dft_r2c_1d(Int32(size), input, self.output, flags) else { return nil }
        self.plan = plan
        input.initialize(repeating: 0, count: size)
        for n in 0..<window {
            weights[n] = Float(0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(window)))
        }
    }

    func process(_ frame: UnsafePointer<Float>) -> Float {
        for n in 0..<window { input[n] = frame[n] * weights[n] }
        fftwf_execute_dft_r2c(plan, input, output)
        for k in 0..<bins {
            let re = output[k].0
            let im = output[k].1
            power[k] = re * re + im * im
        }
        return power[bins / 2]
    }
}
