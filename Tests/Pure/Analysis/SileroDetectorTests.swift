import SidetoneDSP
import SidetoneModel
import Testing

@testable import SidetoneAnalysis

@Suite(.enabled(if: SileroReference.model != nil, "models/silero.weights is missing: run `make models`"))
struct SileroDetectorTests {
    private func model() throws -> SileroModel { try #require(SileroReference.model) }

    @Test(arguments: ["formula", "speech"], [8_000, 16_000])
    func `every chunk equals ONNX Runtime`(signal: String, rate: Int) throws {
        let theirs = SileroReference.probabilities(signal, rate: rate)
        let ours = try SileroReference.detect(SileroReference.samples(signal, rate: rate), rate: rate, model: model())
        #expect(theirs.count > 90)
        try #require(ours.count == theirs.count)
        // 1e-4: the order of Float sums differs, and the memory carries that on.
        for (chunk, (one, other)) in zip(ours, theirs).enumerated() {
            #expect(abs(one - other) <= 1e-4, "chunk \(chunk): \(one), ONNX Runtime \(other)")
        }
    }

    @Test func `a row uses the newest chunk known 30 ms after its end`() throws {
        let samples = Array(SileroReference.samples("speech", rate: 8_000).prefix(10_000))
        let chunks = try SileroReference.detect(samples, rate: 8_000, model: model())
        let rows = try SileroReference.rows(samples, grid: FrameGrid(sampleRate: 8_000), model: model())
        for (row, value) in rows.enumerated() {
            // Row i ends at 10·i + 25 ms; the last rows know no more than the last frame did.
            let known = min(10 * row + 55, 10 * (rows.count - 1) + 25) / 32
            #expect(value == chunks[known - 1])
        }
    }

    @Test func `two tracks that share the weights do not affect each other`() throws {
        let samples = Array(SileroReference.samples("speech", rate: 8_000).prefix(5_000))
        let grid = FrameGrid(sampleRate: 8_000, windowMs: 32, hopMs: 32)
        let models = SpeechModels(silero: try model())
        let spectrum = FrameSpectrum(window: grid.window, sampleRate: 8_000, needs: [])
        var one = try SileroDetector(grid: grid, models: models)
        var other = try SileroDetector(grid: grid, models: models)
        let silence = [Float](repeating: 0, count: 256)
        let alone = try SileroReference.detect(samples, rate: 8_000, model: model())
        for (chunk, expected) in alone.enumerated() {
            let start = chunk * 256
            #expect(one.process(samples.span.extracting(start..<start + 256), spectrum: spectrum) == expected)
            _ = other.process(silence.span, spectrum: spectrum)
        }
    }

    @Test(arguments: [0, 1, -1] as [Float])
    func `a constant track contains no speech`(level: Float) throws {
        let samples = [Float](repeating: level, count: 5_000)
        #expect(
            try SileroReference.rows(samples, grid: FrameGrid(sampleRate: 8_000), model: model()).allSatisfy {
                0..<0.5 ~= $0
            })
    }

    @Test func `a sample that is not a number is treated as silence`() throws {
        var samples = Array(SileroReference.samples("speech", rate: 8_000).prefix(5_000))
        samples[1_000] = 0
        let grid = FrameGrid(sampleRate: 8_000)
        let expected = try SileroReference.rows(samples, grid: grid, model: model())
        samples[1_000] = .nan
        #expect(try SileroReference.rows(samples, grid: grid, model: model()) == expected)
    }

    @Test func `auto is silero where the model is installed and the rate fits`() throws {
        var settings = DetectSettings()
        settings.vad = "auto"
        settings.models.silero = try model()
        #expect(try settings.detector(on: FrameGrid(sampleRate: 8_000)).name == "silero")
        let other = try settings.detector(on: FrameGrid(sampleRate: 11_025)).name
        settings.vad = "default"
        #expect(try settings.detector(on: FrameGrid(sampleRate: 11_025)).name == other)
    }

    @Test func `a rate that the network does not support is rejected with solutions`() throws {
        let error = #expect(throws: AnalysisError.self) {
            try SileroDetector(grid: FrameGrid(sampleRate: 11_025), models: SpeechModels(silero: model()))
        }
        #expect(error?.code == .impossibleGrid)
        #expect(error?.detail.contains("resample it to 16000") == true)
    }

    @Test func `a grid that skips samples is rejected`() throws {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: 20, hopMs: 40)
        let error = #expect(throws: AnalysisError.self) {
            try SileroDetector(grid: grid, models: SpeechModels(silero: model()))
        }
        #expect(error?.code == .impossibleGrid)
    }
}
