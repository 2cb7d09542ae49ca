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
    /// - Complexity: O(count); allocates nothing. The loop has no call and no branch, so that it is vectorised.
    static func apply(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int, floor: Float,
        scale: Float = 1
    ) {
        for index in 0..<count {
            let x = input[index]
            output[index] = scale * ln(x > floor ? x : floor)
        }
    }

    /// ln of a normal Float above 0.
    @inline(__always)
    static func ln(_ x: Float) -> Float {
        let bits = Int32(bitPattern: x.bitPattern)
        // √½ is 0x3F3504F3: the difference's upper bits are e, for m in √½…√2.
        let exponent = (bits &- 0x3F35_04F3) &>> 23
        let t = Float(bitPattern: UInt32(bitPattern: bits &- (exponent &<< 23))) - 1
        let e = Float(exponent)
        let t2 = t * t
        var r: Float = 0.087_004_35
        r = r * t - 0.142_674_86
        r = r * t + 0.149_147_69
        r = r * t - 0.165_775_85
        r = r * t + 0.199_630_63
        r = r * t - 0.250_013_38
        r = r * t + 0.333_339_1
        // ln 2 in two parts: the upper has 9 significant bits, so e times it is exact.
        let low = t2 * t * r - 0.5 * t2 - e * 2.121_944_4e-4
        return e * 0.693_359_4 + (t + low)
    }
}
