import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The first coefficients of an orthonormal discrete cosine transform of type II, with an optional lifter.
///
///     c[i] = l[i] · √(s/N) · Σ x[n]·cos(π·i·(n + ½)/N),  s = 1 for i = 0, else 2
///     l[i] = 1 + (Q/2)·sin(π·i/Q), or 1 without a lifter
///
/// Davis and Mermelstein, IEEE Trans. ASSP 28(4), 1980; the lifter as in the HTK Book, §5.3.
/// Not Sendable: it belongs to one track.
// Safe: `matrix` has `inputs · stride` values, `stride` a multiple of 8 not below `outputs`; loads stay inside it.
package final class CosineTransform {
    /// N
    package let inputs: Int
    /// The number of coefficients, at most `inputs`.
    package let outputs: Int
    /// Row n holds the weight of x[n] in every coefficient, padded to whole vectors.
    private let matrix: AlignedFloats
    private let stride: Int

    /// - Parameters:
    ///   - inputs: N, at least 1.
    ///   - outputs: 1…N.
    ///   - lifter: Q, above 0, or nil.
    package init(inputs: Int, outputs: Int, lifter: Double? = nil) {
        precondition(outputs >= 1 && outputs <= inputs, "there are 1…\(inputs) coefficients")
        self.inputs = inputs
        self.outputs = outputs
        stride = (outputs + 7) / 8 * 8
        matrix = AlignedFloats(count: inputs * stride)
        for i in 0..<outputs {
            let lift = lifter.map { 1 + $0 / 2 * sin(Double.pi * Double(i) / $0) } ?? 1
            let scale = lift * sqrt((i == 0 ? 1 : 2) / Double(inputs))
            for n in 0..<inputs {
                matrix[n * stride + i] = Float(scale * cos(Double.pi * Double(i) * (Double(n) + 0.5) / Double(inputs)))
            }
        }
    }

    /// Transforms one vector.
    ///
    /// - Parameters:
    ///   - input: shape `[inputs]`.
    ///   - output: shape `[outputs]`.
    /// - Complexity: O(inputs · outputs); allocates nothing.
    package func apply(_ input: AlignedFloats, into output: inout [Float]) {
        precondition(input.count == inputs && output.count == outputs, "the vectors must match the transform")
        output.withUnsafeMutableBufferPointer { output in
            guard let output = output.baseAddress else { return }
            vm_project(input.base, inputs, matrix.base, stride, output, outputs)
        }
    }
}
