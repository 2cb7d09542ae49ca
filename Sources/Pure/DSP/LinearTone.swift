#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Fits one or two steady tones to a stretch of samples by the linear recurrence that tones satisfy exactly.
public enum LinearTone {
    /// The result of a fit.
    public struct Fit: Sendable {
        /// The tones' share of the energy, 0…1; noise alone averages 0.
        public var share: Float = 0
        /// The phase advance of the tone, or of the lower of two, over the lag: 0…π.
        public var angle: Float = 0
        /// Mean square of the samples less their mean.
        public var meanSquare: Float = 0
    }

    /// One tone: x[n + L] + x[n − L] = 2·cos φ · x[n], by least squares.
    ///
    /// - Parameters:
    ///   - samples: shape `[N]`, linear.
    ///   - first: the start of the stretch.
    ///   - lag: L, at least 1; best near a quarter of the tone's period.
    /// - Returns: a share of 0 where the stretch is shorter than `4·lag`.
    /// - Complexity: O(N); allocates nothing.
    public static func single(_ samples: UnsafeBufferPointer<Float>, from first: Int, lag: Int) -> Fit {
        var fit = Fit()
        guard samples.count - first >= 4 * lag, let base = samples.baseAddress else { return fit }
        let mean = Sums.sum(base + first, samples.count - first) / Float(samples.count - first)
        var sums = (xx: SIMD8<Float>.zero, xy: SIMD8<Float>.zero, yy: SIMD8<Float>.zero)
        let raw = UnsafeRawPointer(base)
        func load(_ n: Int) -> SIMD8<Float> {
            raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self) - mean
        }
        let end = samples.count - lag
        var n = first + lag
        while n + 8 <= end {
            let x = load(n)
            let y = load(n + lag) + load(n - lag)
            sums.xx += x * x
            sums.xy += x * y
            sums.yy += y * y
            n += 8
        }
        var (xx, xy, yy) = (sums.xx.sum(), sums.xy.sum(), sums.yy.sum())
        while n < end {
            let x = base[n] - mean
            let y = base[n + lag] + base[n - lag] - 2 * mean
            xx += x * x
            xy += x * y
            yy += y * y
            n += 1
        }
        guard xx > 0 else { return fit }
        fit.meanSquare = xx / Float(end - first - lag)
        // For noise, the expected residual is 2·Σx².
        fit.share = max(0, 1 - (yy - xy * xy / xx) / (2 * xx))
        fit.angle = acosf(max(-1, min(1, xy / (2 * xx))))
        return fit
    }

    /// Two tones: x[n + 2L] + x[n − 2L] = a·(x[n + L] + x[n − L]) + b·x[n], by least squares; cos φ of each tone is a
    /// root of 4z² − 2az − 2 − b.
    ///
    /// - Parameters:
    ///   - samples: shape `[N]`, linear.
    ///   - lag: L, at least 1.
    /// - Returns: a share of 0 where there are fewer than `6·lag` samples or no two tones.
    /// - Complexity: O(N); allocates nothing.
    public static func double(_ samples: UnsafeBufferPointer<Float>, lag: Int) -> Fit {
        var fit = Fit()
        guard samples.count >= 6 * lag, let base = samples.baseAddress else { return fit }
        let mean = Sums.sum(base, samples.count) / Float(samples.count)
        var (uu, uv, vv, uy, vy, yy) = (Float(0), Float(0), Float(0), Float(0), Float(0), Float(0))
        for n in 2 * lag..<samples.count - 2 * lag {
            let v = base[n] - mean
            let u = base[n + lag] + base[n - lag] - 2 * mean
            let y = base[n + 2 * lag] + base[n - 2 * lag] - 2 * mean
            uu += u * u
            uv += u * v
            vv += v * v
            uy += u * y
            vy += v * y
            yy += y * y
        }
        let determinant = uu * vv - uv * uv
        guard vv > 0, determinant > 1e-4 * uu * vv else { return fit }
        let a = (uy * vv - vy * uv) / determinant
        let b = (vy * uu - uy * uv) / determinant
        let left = yy - a * uy - b * vy
        fit.meanSquare = vv / Float(samples.count - 4 * lag)
        // For noise, the expected residual is (2 + 2a² + b²)·Σx².
        fit.share = max(0, 1 - left / ((2 + 2 * a * a + b * b) * vv))
        let square = a * a + 4 * (2 + b)
        guard square >= 0 else { return Fit() }
        let greater = (a + square.squareRoot()) / 4
        guard abs(greater) <= 1, abs((a - square.squareRoot()) / 4) <= 1 else { return Fit() }
        fit.angle = acosf(greater)
        return fit
    }
}
