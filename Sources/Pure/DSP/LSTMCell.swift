/// One long short-term memory cell and its state (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000).
///
///     i, f, o = σ(W·[x, h] + b)    g = tanh(W·[x, h] + b)
///     c ← f∘c + i∘g                h ← o∘tanh(c)
public struct LSTMCell {
    /// Input values per step.
    public let inputs: Int
    /// Values of the hidden state.
    public let hidden: Int
    /// The input of the next step, followed by the current state h: shape `[inputs + hidden]`. Write the first `inputs`
    /// values.
    public var input: [Float]
    private let weights: PackedMatrix
    private var cell: [Float]
    private var gates: [Float]

    /// - Parameter weights: shape `[4·hidden, inputs + hidden]`, gates in the order i, f, g, o.
    public init(weights: PackedMatrix) {
        hidden = weights.outputs / 4
        inputs = weights.inputs - hidden
        self.weights = weights
        input = [Float](repeating: 0, count: weights.inputs)
        cell = [Float](repeating: 0, count: hidden)
        gates = [Float](repeating: 0, count: weights.outputs)
    }

    /// Performs one step; afterwards `input[inputs...]` is the new h.
    ///
    /// - Complexity: O(hidden·(inputs + hidden)); allocates nothing.
    public mutating func step() {
        weights.multiply(input, into: &gates, rectified: false)
        // One plain loop per function: the compiler vectorises these, but not one loop with all five functions in it.
        Logistic.sigmoid(&gates, 0..<2 * hidden)
        Logistic.tanh(&gates, 2 * hidden..<3 * hidden)
        Logistic.sigmoid(&gates, 3 * hidden..<4 * hidden)
        for n in 0..<hidden {
            cell[n] = gates[hidden + n] * cell[n] + gates[n] * gates[2 * hidden + n]
            input[inputs + n] = cell[n]
        }
        Logistic.tanh(&input, inputs..<inputs + hidden)
        for n in 0..<hidden { input[inputs + n] *= gates[3 * hidden + n] }
    }
}
