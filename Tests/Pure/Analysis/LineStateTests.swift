import SidetoneModel
import Testing

@testable import SidetoneAnalysis

/// What a line's own peculiarities must not cost: idle code words, direct current, unequal rates.
@Suite struct LineStateTests {
    @Test(arguments: [(Float(-96), Float(-96)), (-72.25, -72.25)])
    func `an idle line is one-way while the other side speaks, whatever its codec's zero`(
        levelDBFS: Float, peakDBFS: Float
    ) throws {
        var call = DrawnCall(
            inbound: String(repeating: "o", count: 90),
            outbound: "....." + String(repeating: "#", count: 80) + ".....")
        call.meanings["o"] = ["level_dbfs": levelDBFS, "peak_dbfs": peakDBFS]
        let told = try call.signals("one_way_audio")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.values == [Signal.Entry("fill", .text("zeros"))])
    }

    @Test func `quiet noise of constant level is not an idle line`() throws {
        var call = DrawnCall(
            inbound: String(repeating: "o", count: 90),
            outbound: "....." + String(repeating: "#", count: 80) + ".....")
        call.meanings["o"] = ["level_dbfs": -72.25, "peak_dbfs": -68, "zcr": 0.4]
        #expect(try call.signals("one_way_audio").isEmpty)
    }

    @Test(arguments: [Float(0), 8, -8])
    func `the rows of an idle line contain what the signals read`(idle: Float) throws {
        let samples = [Float](repeating: idle / 32_768, count: 1_000)
        let row = try rows(of: samples, on: FrameGrid(sampleRate: 8_000), ["level"])[0]
        let columns = LevelFeature.columns(on: FrameGrid(sampleRate: 8_000)).map(\.name)
        let values = Dictionary(uniqueKeysWithValues: zip(columns, row))
        #expect(abs((values["level_dbfs"] ?? 0) - (idle == 0 ? -96 : -72.247)) < 0.01)
        #expect(values["peak_dbfs"] == values["level_dbfs"] || idle != 0)
        #expect(values["zcr"] == 0)
    }

    @Test(arguments: [-0.03, 0.03])
    func `a DC offset is not clipping`(offset: Double) throws {
        var sound = DrawnSound()
        sound.pause(2)
        sound.voice(6)
        sound.pause(2)
        var call = AnalyzedCall()
        call.inbound = .init(samples: sound.samples.map { $0 + Float(offset) })
        #expect(try call.signals("clipping").isEmpty)
    }

    @Test func `a hop longer than the window is rejected with a solution`() {
        var settings = AnalysisSettings()
        settings.hopMs = 30
        let error = #expect(throws: AnalysisError.self) {
            try FeatureExtractor(grid: settings.grid(sampleRate: 8_000), features: ["level"], settings: settings)
        }
        #expect(error?.code == .impossibleGrid)
        #expect(error?.detail.contains("set hop_ms to 25 or less, or window_ms to 30 or more") == true)
        settings.windowMs = 30
        #expect(settings.gridProblem == nil)
    }

    @Test func `each track has the speech threshold of its own detector`() throws {
        var call = CallSignals(settings: AnalysisSettings())
        let columns = CallSignals.columns.map { Column($0, unit: "", range: "", decimals: 3, "drawn") }
        try call.open(.inbound, grid: FrameGrid(sampleRate: 8_000), columns: columns)
        call.thresholds.outbound = 0.9
        try call.open(.inbound, grid: FrameGrid(sampleRate: 8_000), columns: columns)
        #expect(call.thresholds.inbound == StatisticalDetector.threshold)
        #expect(call.thresholds.outbound == 0.9)
        var told: [Signal] = []
        let row = CallSignals.columns.map { $0 == "speech_probability" ? Float(0.7) : 0 }
        call.progress.outbound = call.progress.inbound
        call.tracks.outbound = call.tracks.inbound
        for step in Int64(0)..<100 {
            for role in TrackRole.both { call.process(role, row: step, values: row.span) { told.append($0) } }
        }
        #expect(Set(told.filter { $0.name == "speech" }.map(\.track)) == [.inbound])
    }
}
