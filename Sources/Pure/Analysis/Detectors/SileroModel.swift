import SidetoneDSP

/// The weights of the Silero VAD network for 8 kHz and for 16 kHz; one object serves all tracks.
///
/// The network is Silero's (silero-vad 6.2.3, MIT, Silero Team); its weights are not part of Sidetone. `make models`
/// stores them in `models/`. The caller reads the file, because this layer does no I/O.
public final class SileroModel: Sendable {
    /// The name of the weights file in `models/`.
    public static let file = "silero.weights"

    let narrow: Branch
    let wide: Branch

    /// - Parameter bytes: the content of `silero.weights`.
    /// - Throws: `modelMalformed` with the problem.
    public init(_ bytes: [UInt8]) throws(AnalysisError) {
        let weights = try WeightFile(bytes, name: SileroModel.file)
        narrow = try Branch(weights, sampleRate: 8_000)
        wide = try Branch(weights, sampleRate: 16_000)
    }

    /// The network for one rate: a spectrum, four convolutions over time, an LSTM cell, one output.
    struct Branch: Sendable {
        let sampleRate: Int
        /// Samples per step: 32 ms.
        let chunk: Int
        /// Samples before a chunk that its step includes again: 4 ms.
        let context: Int
        /// Samples per transform: 16 ms, twice the hop.
        let window: Int
        let bins: Int
        /// The convolutions as products over stretches of their input; taps that only meet padding are omitted.
        let encoder: [PackedMatrix]
        let lstm: PackedMatrix
        /// Shape `[128]`.
        let output: [Float]
        let outputBias: Float

        init(_ weights: WeightFile, sampleRate: Int) throws(AnalysisError) {
            self.sampleRate = sampleRate
            chunk = sampleRate * 32 / 1000
            context = sampleRate * 4 / 1000
            window = sampleRate * 16 / 1000
            bins = window / 2 + 1
            try Branch.checkBasis(weights, sampleRate: sampleRate, window: window)
            // Input channels, output channels, and the taps that meet data: all three, or fewer where the time axis has
            // shrunk.
            let layers = [(bins, 128, 0...2), (128, 64, 0...2), (64, 64, 1...2), (64, 128, 1...1)]
            var encoder: [PackedMatrix] = []
            for (index, (channels, outputs, taps)) in layers.enumerated() {
                let name = "\(sampleRate).encoder.\(index)"
                let kernel = try weights.values("\(name).weight", shape: [outputs, channels, 3])
                let bias = try weights.values("\(name).bias", shape: [outputs])
                encoder.append(
                    PackedMatrix(outputs: outputs, inputs: taps.count * channels, bias: bias) { output, input in
                        kernel[(output * channels + input % channels) * 3 + taps.lowerBound + input / channels]
                    })
            }
            self.encoder = encoder
            let input = try weights.values("\(sampleRate).lstm.weight_ih", shape: [512, 128])
            let state = try weights.values("\(sampleRate).lstm.weight_hh", shape: [512, 128])
            let inputBias = try weights.values("\(sampleRate).lstm.bias_ih", shape: [512])
            let stateBias = try weights.values("\(sampleRate).lstm.bias_hh", shape: [512])
            lstm = PackedMatrix(outputs: 512, inputs: 256, bias: zip(inputBias, stateBias).map { $0 + $1 }) {
                $1 < 128 ? input[$0 * 128 + $1] : state[$0 * 128 + $1 - 128]
            }
            output = try weights.values("\(sampleRate).output.weight", shape: [1, 128, 1])
            outputBias = try weights.values("\(sampleRate).output.bias", shape: [1])[0]
        }

        /// The network's first layer is a Fourier transform under a periodic Hann window, written as a convolution. It
        /// is computed as a transform, so the file must contain exactly that one.
        private static func checkBasis(
            _ weights: WeightFile, sampleRate: Int, window: Int
        ) throws(AnalysisError) {
            let bins = window / 2 + 1
            let basis = try weights.values("\(sampleRate).stft.basis", shape: [2 * bins, 1, window])
            let transform = HannTransform(size: window)
            // A transform is identified by its response to each unit impulse.
            var impulse = [Float](repeating: 0, count: window)
            var expected = [Float](repeating: 0, count: bins)
            for n in 0..<window {
                impulse[n] = 1
                transform.magnitudes(of: impulse, from: 0, into: &expected, at: 0)
                impulse[n] = 0
                for bin in 0..<bins {
                    let (re, im) = (basis[bin * window + n], basis[(bins + bin) * window + n])
                    guard abs((re * re + im * im).squareRoot() - expected[bin]) < 1e-5 else {
                        throw WeightFile.malformed(
                            SileroModel.file, detail: "\(sampleRate).stft.basis is not a Hann transform")
                    }
                }
            }
        }
    }
}
