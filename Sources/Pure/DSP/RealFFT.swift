import CFFTW
import CVectorMath
import Synchronization

/// FFTW plans, one per size, shared by all tracks.
///
/// The planner of FFTW is not thread-safe; executing a plan is (FFTW 3.3 manual, §5.4).
enum FFTPlans {
    // Proof for @unchecked Sendable: a plan is made once under the lock, never destroyed, and only ever executed by the
    // new-array functions, which FFTW documents as thread-safe.
    struct Plan: @unchecked Sendable { let pointer: fftwf_plan }

    private struct Plans {
        var bySize: [Int: Plan] = [:]
        var isWise = false
    }

    private static let plans = Mutex(Plans())

    static func realForward(size: Int) -> Plan {
        plans.withLock { plans in
            if let plan = plans.bySize[size] { return plan }
            if !plans.isWise {
                FFTWisdom.use()
                plans.isWise = true
            }
            let input = AlignedFloats(count: size)
            let output = AlignedFloats(count: size + 2)
            let plan = output.base.withMemoryRebound(to: fftwf_complex.self, capacity: size / 2 + 1) {
                fftwf_plan_dft_r2c_1d(Int32(size), input.base, $0, FFTW_MEASURE | FFTW_WISDOM_ONLY)
                    ?? fftwf_plan_dft_r2c_1d(Int32(size), input.base, $0, FFTW_ESTIMATE)
            }
            guard let plan else { preconditionFailure("FFTW has no plan for \(size) samples") }
            plans.bySize[size] = Plan(pointer: plan)
            return Plan(pointer: plan)
        }
    }
}

/// The discrete Fourier transform of a real signal of fixed size, by FFTW.
///
///     X[k] = Σ x[n]·e^(−2πi·k·n/N),  k = 0…N/2
///
/// Input and output are its own aligned buffers: write into `input`, call `transform`, read `output`.
public final class RealFFT {
    /// N, the transform's length.
    public let size: Int
    /// N/2 + 1.
    public let bins: Int
    /// Shape `[N]`.
    public let input: AlignedFloats
    /// Shape `[bins]` of pairs (real, imaginary).
    public let output: AlignedFloats
    private let plan: FFTPlans.Plan

    /// - Parameter size: N, at least 2.
    public init(size: Int) {
        precondition(size >= 2, "a transform has at least 2 samples")
        self.size = size
        bins = size / 2 + 1
        input = AlignedFloats(count: size)
        output = AlignedFloats(count: 2 * bins)
        plan = FFTPlans.realForward(size: size)
    }

    /// - Complexity: O(N·log N); allocates nothing.
    public func transform() {
        output.base.withMemoryRebound(to: fftwf_complex.self, capacity: bins) {
            fftwf_execute_dft_r2c(plan.pointer, input.base, $0)
        }
    }

    /// Writes |X[k]|².
    ///
    /// - Parameter power: shape `[bins]`.
    /// - Complexity: O(N); allocates nothing.
    public func power(into power: AlignedFloats) {
        precondition(power.count == bins, "a transform of \(size) samples has \(bins) bins")
        vm_power(output.base, power.base, bins)
    }
}
