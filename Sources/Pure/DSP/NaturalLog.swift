import CVectorMath

/// The natural logarithm of many values at once.
///
///     x = m·2^e with √½ ≤ m < √2,  t = m − 1
///     ln x = e·ln 2 + t − t²/2 + t³·R(t)
///
/// R is our own minimax fit of degree 6: the formula is within a relative 3.2e-8 of ln x over the interval. In Float
/// arithmetic the error is at most `relativeError`·|ln x|; the largest over every mantissa is 1.01e-7.
enum NaturalLog {
    /// The relative error bound of the result.
    static let relativeError: Float = 1.2e-7

    /// 10/ln 10: from ln of a power to dB.
    static let decibels: Float = 4.342_944_8

    /// Writes `scale · ln(max(x, floor))`.
    ///
    /// - Parameters:
    ///   - input: shape `[count]`, any values; not-a-number reads as `floor`, and must not exceed the largest finite
    ///     Float.
    ///   - output: shape `[count]`; may be `input`.
    ///   - floor: the minimum input value, a normal Float above 0.
    ///   - scale: 1 for nepers, 10/ln 10 for dB of a power.
    /// - Complexity: O(count); allocates nothing.
    static func apply(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int, floor: Float,
        scale: Float = 1
    ) {
        vm_log(input, output, count, floor, scale)
    }
}
