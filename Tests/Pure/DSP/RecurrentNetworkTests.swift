import Foundation
import SidetoneDSP
import Testing

@Suite struct `Recurrent network` {
    private let shape = RecurrentNetwork.Shape(inputs: 3, dense: 16, units: 24, outputs: 8)

    /// Numbers between −0.5 and 0.5 that follow from their place.
    private func parameters() -> [Float] {
        (0..<shape.parameters).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 }
    }

    private func outputs(_ network: RecurrentNetwork, inputs: [[Float]]) -> [[Float]] {
        let input = AlignedFloats(count: shape.inputs)
        return inputs.map { values in
            for (index, value) in values.enumerated() { input.base[index] = value }
            network.step(input)
            return (0..<shape.outputs).map { network.output.base[$0] }
        }
    }

    /// The equations of the type's comment, as they stand there, in Double.
    private func expected(_ inputs: [[Float]]) -> [[Double]] {
        var rest = parameters().map(Double.init)[...]
        func take(_ rows: Int, columns: Int) -> [[Double]] {
            (0..<rows).map { _ in
                defer { rest = rest.dropFirst(columns) }
                return Array(rest.prefix(columns))
            }
        }
        func affine(_ x: [Double], weights: [[Double]], bias: [[Double]]) -> [Double] {
            bias[0].indices.map { out in x.indices.reduce(bias[0][out]) { $0 + weights[$1][out] * x[$1] } }
        }
        func squash(_ x: Double) -> Double {
            let x = max(-3, min(3, x))
            return x * (27 + x * x) / (27 + 9 * x * x)
        }
        let (inputCount, dense, units) = (shape.inputs, shape.dense, shape.units)
        let (bigA, a) = (take(inputCount, columns: dense), take(1, columns: dense))
        let (bigB, b) = (take(dense + units, columns: 2 * units), take(1, columns: 2 * units))
        let (bigC, c) = (take(dense, columns: units), take(1, columns: units))
        let (bigD, d) = (take(units, columns: units), take(1, columns: units))
        let (bigE, e) = (take(units, columns: shape.outputs), take(1, columns: shape.outputs))
        var hidden = [Double](repeating: 0, count: units)
        return inputs.map { input in
            let seen = affine(input.map(Double.init), weights: bigA, bias: a).map(squash)
            let gates = affine(seen + hidden, weights: bigB, bias: b).map { 0.5 + 0.5 * squash($0 / 2) }
            let recalled = affine(hidden, weights: bigD, bias: d)
            let fresh = zip(affine(seen, weights: bigC, bias: c), zip(gates, recalled)).map { squash($0 + $1.0 * $1.1) }
            hidden = zip(zip(fresh, hidden), gates.dropFirst(units)).map { $0.0 + $1 * ($0.1 - $0.0) }
            return affine(hidden, weights: bigE, bias: e)
        }
    }

    @Test func `its output equals its equations`() {
        let inputs = (0..<20).map { [Float(sin(Double($0))), Float($0) / 10, -1] }
        let got = outputs(RecurrentNetwork(shape, parameters: parameters()), inputs: inputs)
        for (row, reference) in zip(got, expected(inputs)) {
            // Sums of 40 Float products of size 1.
            for (value, exact) in zip(row, reference) { #expect(abs(Double(value) - exact) < 1e-4) }
        }
    }

    @Test func `without weights it gives its last bias`() {
        var numbers = [Float](repeating: 0, count: shape.parameters)
        for index in 0..<8 { numbers[numbers.count - 8 + index] = Float(index) }
        let got = outputs(RecurrentNetwork(shape, parameters: numbers), inputs: [[1, 2, 3]])
        #expect(got == [[0, 1, 2, 3, 4, 5, 6, 7]])
    }

    @Test func `it remembers`() {
        let network = RecurrentNetwork(shape, parameters: parameters())
        let twice = outputs(network, inputs: [[1, 0, 0], [1, 0, 0]])
        #expect(twice[0] != twice[1])
    }
}
