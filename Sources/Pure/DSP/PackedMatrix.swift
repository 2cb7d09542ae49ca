/// The weights and biases of one layer of a network, laid out for wide vectors, and their product with vectors.
///
///     y = W·x + b,  or  y = max(0, W·x + b)
///
/// A convolution over time is the same product: with its input stored in time order, the window of one output is one
/// contiguous stretch, and the next output's window starts `stride` values later.
// Proof for @unchecked Sendable: the memory is written in `init` only and owned until `deinit`; afterwards it is only
// read, so any number of tracks may read it at once.
public final class PackedMatrix: @unchecked Sendable {
    /// Values per result; a multiple of 32.
    public let outputs: Int
    /// Values per input.
    public let inputs: Int
    /// Weights of 8 neighbouring outputs interleaved, input by input: shape `[outputs / 8, inputs, 8]`.
    private let weights: AlignedFloats
    private let bias: [Float]

    /// - Parameters:
    ///   - outputs: a multiple of 32, above 0.
    ///   - inputs: above 0.
    ///   - bias: shape `[outputs]`.
    ///   - weight: the weight of an output (first) for an input (second).
    public init(outputs: Int, inputs: Int, bias: [Float], weight: (Int, Int) -> Float) {
        precondition(outputs > 0 && outputs % 32 == 0 && inputs > 0, "outputs come in groups of 32")
        precondition(bias.count == outputs, "one bias per output")
        self.outputs = outputs
        self.inputs = inputs
        self.bias = bias
        weights = AlignedFloats(count: outputs * inputs)
        for output in 0..<outputs {
            for input in 0..<inputs {
                weights.base[(output / 8 * inputs + input) * 8 + output % 8] = weight(output, input)
            }
        }
    }

    /// Computes `frames` results.
    ///
    /// - Parameters:
    ///   - x: result *f* is computed from `x[f·stride ..< f·stride + inputs]`.
    ///   - stride: from one result's input to the next one's, at least 0.
    ///   - frames: the number of results, at least 1.
    ///   - y: result *f* goes to `y[offset + f·outputs ..< offset + (f + 1)·outputs]`.
    ///   - rectified: whether values below 0 become 0.
    /// - Complexity: O(frames·outputs·inputs); allocates nothing.
    public func multiply(
        _ x: [Float], stride: Int = 0, frames: Int = 1, into y: inout [Float], at offset: Int = 0, rectified: Bool
    ) {
        precondition(stride >= 0 && frames >= 1 && (frames - 1) * stride + inputs <= x.count, "the input is too short")
        precondition(offset >= 0 && offset + frames * outputs <= y.count, "the output is too short")
        let floor: Float = rectified ? 0 : -.infinity
        x.withUnsafeBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                guard let x = x.baseAddress, let y = y.baseAddress?.advanced(by: offset) else { return }
                var frame = 0
                while frame < frames {
                    let input = x + frame * stride
                    let output = y + frame * outputs
                    // Four results share each weight load; a single one hides the latency of its sums by four groups.
                    if frames - frame >= 4 {
                        four(input, stride: stride, y: output, floor: floor)
                        frame += 4
                    } else if frames - frame >= 2 {
                        two(input, stride: stride, y: output, floor: floor)
                        frame += 2
                    } else {
                        one(input, y: output, floor: floor)
                        frame += 1
                    }
                }
            }
        }
    }

    private func four(
        _ x: UnsafePointer<Float>, stride: Int, y: UnsafeMutablePointer<Float>, floor: Float
    ) {
        let (x1, x2, x3) = (x + stride, x + 2 * stride, x + 3 * stride)
        for group in Swift.stride(from: 0, to: outputs, by: 8) {
            let weights = start(ofGroup: group)
            var (a, b, c, d) = (biases(group), biases(group), biases(group), biases(group))
            for n in 0..<inputs {
                let w = load(weights, index: n * 8)
                a += w * x[n]
                b += w * x1[n]
                c += w * x2[n]
                d += w * x3[n]
            }
            store(a, floor: floor, target: y + group)
            store(b, floor: floor, target: y + outputs + group)
            store(c, floor: floor, target: y + 2 * outputs + group)
            store(d, floor: floor, target: y + 3 * outputs + group)
        }
    }

    private func two(
        _ x: UnsafePointer<Float>, stride: Int, y: UnsafeMutablePointer<Float>, floor: Float
    ) {
        let x1 = x + stride
        for group in Swift.stride(from: 0, to: outputs, by: 16) {
            let (weights, more) = (start(ofGroup: group), start(ofGroup: group + 8))
            var (a, b, c, d) = (biases(group), biases(group), biases(group + 8), biases(group + 8))
            for n in 0..<inputs {
                let v = load(weights, index: n * 8)
                let w = load(more, index: n * 8)
                a += v * x[n]
                b += v * x1[n]
                c += w * x[n]
                d += w * x1[n]
            }
            store(a, floor: floor, target: y + group)
            store(b, floor: floor, target: y + outputs + group)
            store(c, floor: floor, target: y + group + 8)
            store(d, floor: floor, target: y + outputs + group + 8)
        }
    }

    private func one(_ x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, floor: Float) {
        for group in Swift.stride(from: 0, to: outputs, by: 32) {
            let (w0, w1) = (start(ofGroup: group), start(ofGroup: group + 8))
            let (w2, w3) = (start(ofGroup: group + 16), start(ofGroup: group + 24))
            var (a, b, c, d) = (biases(group), biases(group + 8), biases(group + 16), biases(group + 24))
            for n in 0..<inputs {
                a += load(w0, index: n * 8) * x[n]
                b += load(w1, index: n * 8) * x[n]
                c += load(w2, index: n * 8) * x[n]
                d += load(w3, index: n * 8) * x[n]
            }
            store(a, floor: floor, target: y + group)
            store(b, floor: floor, target: y + group + 8)
            store(c, floor: floor, target: y + group + 16)
            store(d, floor: floor, target: y + group + 24)
        }
    }

    @inline(__always) private func start(ofGroup output: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(weights.base + output * inputs)
    }

    @inline(__always) private func load(_ base: UnsafeRawPointer, index: Int) -> SIMD8<Float> {
        base.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
    }

    @inline(__always) private func biases(_ output: Int) -> SIMD8<Float> {
        bias.withUnsafeBufferPointer { bias in
            var values = SIMD8<Float>.zero
            for n in 0..<8 { values[n] = bias[output + n] }
            return values
        }
    }

    @inline(__always) private func store(
        _ values: SIMD8<Float>, floor: Float, target: UnsafeMutablePointer<Float>
    ) {
        for n in 0..<8 { target[n] = max(values[n], floor) }
    }
}
