import SidetoneModel
import Testing

@testable import SidetoneAnalysis

@Suite struct SileroModelTests {
    @Test(arguments: [
        ("", "no header"),
        ("sidetone-weights 1", "no header"),
        ("RIFF\n\n", "first line"),
        ("sidetone-weights 1\na b\n\n", "not a name and a shape"),
        ("sidetone-weights 1\na 2\n\n1234", "ends within"),
        ("sidetone-weights 1\na 1000000 1000000 1000000\n\n1234", "ends within"),
        ("sidetone-weights 1\na 1\n\n12345", "1 bytes follow"),
        ("sidetone-weights 1\na 1\n\n1234", "no tensor 8000"),
        ("sidetone-weights 1\n8000.stft.basis 1\n\n1234", "has the shape"),
    ])
    func `a file in another format is rejected and named`(file: String, reason: String) {
        let error = #expect(throws: AnalysisError.self) { try SileroModel([UInt8](file.utf8)) }
        #expect(error?.code == .modelMalformed)
        #expect(error?.detail.contains(reason) == true)
        #expect(error?.detail.hasPrefix("silero.weights: ") == true)
    }

    @Test func `a weight that is not a number is rejected`() {
        let bytes = [UInt8]("sidetone-weights 1\na 1\n\n".utf8) + [0, 0, 0xC0, 0x7F]
        #expect(throws: AnalysisError.self) { try SileroModel(bytes) }
    }

    @Test func `without a model, silero explains how to install it`() {
        var settings = AnalysisSettings()
        settings.detect.vad = "silero"
        let grid = FrameGrid(sampleRate: 8_000)
        let error = #expect(throws: AnalysisError.self) {
            try FeatureExtractor(grid: grid, features: ["speech"], settings: settings)
        }
        #expect(error?.code == .modelMissing)
        #expect(error?.detail.contains("`make models`") == true)
    }

    @Test func `without a model, auto selects the default detector`() throws {
        var settings = DetectSettings()
        let grid = FrameGrid(sampleRate: 8_000)
        let standard = try settings.detector(on: grid).name
        settings.vad = "auto"
        #expect(try settings.detector(on: grid).name == standard)
        #expect(standard != "silero")
    }
}
