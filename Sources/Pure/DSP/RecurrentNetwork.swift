import CVectorMath

/// A small network with memory: one dense layer, one gated recurrent unit, one linear layer.
///
///     d = tanh(A·x + a)
///     r, z = σ(B·[d, h] + b)
///     n = tanh(C·d + c + r ⊙ (D·h + e))
///     h ← n + z ⊙ (h − n)
///     y = E·h + f
///
/// tanh is x·(27 + x²)/(27 + 9·x²) with x clamped to −3…3, and σ(x) = (1 + tanh(x/2))/2 with that tanh: the functions
/// that the network was trained with, not approximations of them.
///
/// - Note: Cho et al. 2014, arXiv:1406.1078v1: the reset gate follows the product.
public final class RecurrentNetwork {
    // Every pointer here comes from an AlignedFloats owned by this object, whose count `init` derives from the same
    // shape that bounds the loops, or from `parameters`, whose count `init` checks against it; the object belongs to
    // one track and is not Sendable.

    /// The size of each layer.
    public struct Shape: Sendable, Hashable {
        public var inputs: Int
        /// A multiple of 8.
        public var dense: Int
        /// A multiple of 8.
        public var units: Int
        /// A multiple of 8.
        public var outputs: Int

        public init(inputs: Int, dense: Int, units: Int, outputs: Int) {
            precondition(dense % 8 == 0 && units % 8 == 0 && outputs % 8 == 0, "layers are whole vectors of 8")
            self.inputs = inputs
            self.dense = dense
            self.units = units
            self.outputs = outputs
        }

        /// The required length of `parameters`.
        public var parameters: Int {
            (inputs + 1) * dense + (dense + units + 1) * 2 * units + (dense + 1) * units + (units + 1) * units
                + (units + 1) * outputs
        }
    }

    public let shape: Shape
    /// Shape `[outputs]`: y of the last step.
    public let output: AlignedFloats

    /// Storage shared by all networks made from the same array.
    private let parameters: [Float]
    /// d, h, r and z, n, D·h + e: contiguous, because hundreds of tracks find theirs out of cache.
    private let memory: AlignedFloats

    /// - Parameter given: A, a, B, b, C, c, D, e, E, f; matrices input by input, shape `[inputs, outputs]`.
    public init(_ shape: Shape, parameters given: [Float]) {
        precondition(given.count == shape.parameters, "a network of this shape has \(shape.parameters) parameters")
        self.shape = shape
        parameters = given
        memory = AlignedFloats(count: shape.dense + 5 * shape.units)
        output = AlignedFloats(count: shape.outputs)
    }

    /// Processes one input and fills `output`.
    ///
    /// - Parameter input: at least `inputs` values, finite.
    /// - Complexity: one multiplication and one addition per parameter; allocates nothing.
    public func step(_ input: AlignedFloats) {
        precondition(input.count >= shape.inputs, "the network takes \(shape.inputs) inputs")
        parameters.withUnsafeBufferPointer { parameters in
            if let first = parameters.baseAddress { step(input.base, parameters: first) }
        }
    }

    private func step(_ input: UnsafePointer<Float>, parameters: UnsafePointer<Float>) {
        let units = shape.units
        let dense = shape.dense
        let state = memory.base
        let hidden = state + dense
        let gates = hidden + units
        let fresh = gates + 2 * units
        let recalled = fresh + units

        var layer = Self.affine(parameters, x: input, inputs: shape.inputs, into: state, outputs: dense)
        vm_squash(state, dense)
        layer = Self.affine(layer, x: state, inputs: dense + units, into: gates, outputs: 2 * units)
        for index in 0..<2 * units { gates[index] *= 0.5 }
        vm_squash(gates, 2 * units)
        layer = Self.affine(layer, x: state, inputs: dense, into: fresh, outputs: units)
        layer = Self.affine(layer, x: hidden, inputs: units, into: recalled, outputs: units)
        for unit in 0..<units { fresh[unit] += (0.5 + 0.5 * gates[unit]) * recalled[unit] }
        vm_squash(fresh, units)
        for unit in 0..<units {
            hidden[unit] = fresh[unit] + (0.5 + 0.5 * gates[units + unit]) * (hidden[unit] - fresh[unit])
        }
        _ = Self.affine(layer, x: hidden, inputs: units, into: output.base, outputs: output.count)
    }

    /// y = W·x + b; returns what follows W and b.
    private static func affine(
        _ layer: UnsafePointer<Float>, x: UnsafePointer<Float>, inputs: Int, into y: UnsafeMutablePointer<Float>,
        outputs: Int
    ) -> UnsafePointer<Float> {
        vm_affine(layer, x, inputs, y, outputs)
        return layer + (inputs + 1) * outputs
    }
}
