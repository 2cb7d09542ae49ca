/// The logistic function and the hyperbolic tangent, as polynomials that vectorise in loops over arrays.
///
/// Absolute error below 3·10⁻⁷ everywhere; not-a-number gives not-a-number or a limit of the range.
public enum Logistic {
    /// 1 / (1 + e^−x), 0…1.
    @inlinable public static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

    /// tanh x = 2·σ(2x) − 1, −1…1.
    @inlinable public static func tanh(_ x: Float) -> Float { 2 / (1 + exp(-2 * x)) - 1 }

    /// Replaces each value with its logistic function.
    ///
    /// - Complexity: O(range); allocates nothing.
    public static func sigmoid(_ values: inout [Float], _ range: Range<Int>) {
        values.withUnsafeMutableBufferPointer { values in
            let part = values.extracting(range)
            for n in part.indices { part[n] = sigmoid(part[n]) }
        }
    }

    /// Replaces each value with its hyperbolic tangent.
    ///
    /// - Complexity: O(range); allocates nothing.
    public static func tanh(_ values: inout [Float], _ range: Range<Int>) {
        values.withUnsafeMutableBufferPointer { values in
            let part = values.extracting(range)
            for n in part.indices { part[n] = tanh(part[n]) }
        }
    }

    /// e^x for x in −87…87; beyond that the value at the limit.
    ///
    /// e^x = 2^n · e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2; e^r is its Taylor series up to r⁶, whose rest is
    /// below r⁷/7! = 1.2·10⁻⁷. ln 2 is subtracted in two parts so that r keeps all its bits (Cody and Waite 1980).
    @inlinable static func exp(_ x: Float) -> Float {
        let x = min(max(x, -87), 87)
        // Adding 1.5·2²³ rounds to a whole number and leaves it in the low bits.
        let shifted = x * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = (x - n * 0.693_359_375) + n * 2.121_944_4e-4
        var sum = r * (1 / 720) + 1 / 120
        sum = sum * r + 1 / 24
        sum = sum * r + 1 / 6
        sum = sum * r + 0.5
        sum = sum * r + 1
        sum = sum * r + 1
        return sum * Float(bitPattern: (shifted.bitPattern &+ 127) << 23)
    }
}
