import SidetoneDSP

/// The Silero VAD network on one track: its state, and storage for the values between its layers.
///
/// A step covers 36 ms (4 ms of them from the previous one), mirrored by 4 ms at the end: four spectra of 16 ms every
/// 8 ms. Convolutions of width 3 reduce them to 2 and to 1; an LSTM cell and a logistic output yield the probability.
struct SileroNetwork {
    private let branch: SileroModel.Branch
    private let transform: HannTransform
    private var lstm: LSTMCell
    /// Context, chunk, mirrored end.
    private var samples: [Float]
    /// In time order; zeros before the first time step, and after the last where a window reaches beyond it.
    private var spectra: [Float]
    private var first: [Float]
    private var second: [Float]
    private var third: [Float]

    init(_ branch: SileroModel.Branch) {
        self.branch = branch
        transform = HannTransform(size: branch.window)
        lstm = LSTMCell(weights: branch.lstm)
        samples = [Float](repeating: 0, count: branch.chunk + 2 * branch.context)
        spectra = [Float](repeating: 0, count: 6 * branch.bins)
        first = [Float](repeating: 0, count: 5 * 128)
        second = [Float](repeating: 0, count: 2 * 64)
        third = [Float](repeating: 0, count: 64)
    }

    /// Sets samples of the chunk for the next step.
    mutating func set(_ part: Span<Float>, at offset: Int) {
        let first = branch.context + offset
        // A single sample that is not a number would stay in the network's state for ever.
        for n in part.indices { samples[first + n] = part[n].isFinite ? part[n] : 0 }
    }

    /// Processes the chunk that was set and returns the probability of speech in it, 0…1.
    ///
    /// - Complexity: about 300,000 multiplications at 8 kHz, 400,000 at 16 kHz; allocates nothing.
    mutating func step() -> Float {
        let (context, bins) = (branch.context, branch.bins)
        let end = context + branch.chunk
        for n in 0..<context { samples[end + n] = samples[end - 2 - n] }
        for time in 0..<4 {
            transform.magnitudes(of: samples, from: time * branch.window / 2, into: &spectra, at: (time + 1) * bins)
        }
        for n in 0..<context { samples[n] = samples[end - context + n] }

        branch.encoder[0].multiply(spectra, stride: bins, frames: 4, into: &first, at: 128, rectified: true)
        branch.encoder[1].multiply(first, stride: 2 * 128, frames: 2, into: &second, rectified: true)
        branch.encoder[2].multiply(second, into: &third, rectified: true)
        branch.encoder[3].multiply(third, into: &lstm.input, rectified: true)
        lstm.step()
        var sum = branch.outputBias
        for n in 0..<lstm.hidden { sum += branch.output[n] * max(0, lstm.input[lstm.inputs + n]) }
        return Logistic.sigmoid(sum)
    }
}
