/// One long short-term memory cell and its state (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000).
///
///     i, f, o = σ(W·[x, h] + b)    g = tanh(W·[x, h] + b)
///     c ← f∘c + i∘g                h ← o∘tanh(c)
public struct LSTMCell {
    /// Values a step takes.
    public let inputs: Int
    /// Values of the state.
    public let hidden: Int
    /// What the next step takes, then the state h it left: shape `[inputs + hidden]`. Write the first `inputs` values.
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

    /// Takes one step; afterwards `input[inputs...]` is the new h.
    ///
    /// - Complexity: O(hidden·(inputs + hidden)); allocates nothing.
    public mutating func step() {
        weights.multiply(input, into: &gates, rectified: false)
        let (hidden, inputs) = (hidden, inputs)
        gates.withUnsafeBufferPointer { gates in
            cell.withUnsafeMutableBufferPointer { cell in
                input.withUnsafeMutableBufferPointer { input in
                    for n in 0..<hidden {
                        let kept = Logistic.sigmoid(gates[hidden + n]) * cell[n]
                        let taken = Logistic.sigmoid(gates[n]) * Logistic.tanh(gates[2 * hidden + n])
                        cell[n] = kept + taken
                        input[inputs + n] = Logistic.sigmoid(gates[3 * hidden + n]) * Logistic.tanh(cell[n])
                    }
                }
            }
        }
    }
}
