import CVectorMath

/// The natural logarithm of many values at once.
///
///     x = m·2^e with √½ ≤ m < √2,  t = m − 1
///     ln x = e·ln 2 + t − t²/2 + t³·R(t)
///
/// R is our own minimax fit of degree 6 (relative error of the real-valued formula 3.2e-8 over the interval, by Lawson's
/// iteration). In Float arithmetic the error is at most `absoluteError + relativeError·|ln x|`, which the suite holds
/// over every mantissa; glibc's `logf` is within 6e-8 relative and costs about ten times as much.
public enum NaturalLog {
    /// The part of the error bound that stays near x = 1.
    public static let absoluteError: Float = 1e-8
    /// The part of the error bound that grows with the result.
    public static let relativeError: Float = 2.0e-7

    /// 10/ln 10: from ln of a power to dB.
    static let decibels: Float = 4.342_944_8

    /// Writes `scale · ln(max(x, floor))`.
    ///
    /// - Parameters:
    ///   - input: shape `[count]`, any values; not-a-number reads as `floor`, and must not exceed the largest finite
    ///     Float.
    ///   - output: shape `[count]`; may be `input`.
    ///   - floor: the least value taken, a normal Float above 0.
    ///   - scale: 1 for nepers, 10/ln 10 for dB of a power.
    /// - Complexity: O(count); allocates nothing.
    static func apply(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int, floor: Float,
        scale: Float = 1
    ) {
        vm_log(input, output, count, floor, scale)
    }
}
