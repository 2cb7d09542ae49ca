import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct CallSignalsTests {
    private let call = DrawnCall(
        inbound: "..#######......##..#####################......................................##",
        outbound: ".....#######..........##...........................................####......."
    )

    @Test func `the order in which the tracks' rows arrive does not matter`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let expected = try call.signals()
        #expect(expected.count > 10)
        for _ in 0..<20 {
            // Bursts of rows, one track at most 1.9 s ahead.
            var order: [TrackRole] = []
            var given = [0, 0]
            while given.contains(where: { $0 < call.drawing.steps }) {
                let role = TrackRole.both[Int.random(in: 0...1, using: &random)]
                for _ in 0..<Int.random(in: 1...40, using: &random)
                where given[role.index] < call.drawing.steps && given[role.index] - given[role.other.index] < 190 {
                    order.append(role)
                    given[role.index] += 1
                }
            }
            #expect(try call.signals(order: order) == expected, "seed \(seed)")
        }
    }

    @Test func `a track that leads too far is not held back, and the steps are counted`() throws {
        var signals = CallSignals(settings: call.settings)
        let order = Array(repeating: TrackRole.inbound, count: 500)
        var told: [Signal] = []
        for role in TrackRole.both { try signals.open(role, grid: DrawnCall.grid, columns: DrawnCall.columns) }
        for step in order.indices {
            let row = DrawnCall.columns.map { $0.name == "speech_probability" ? Float(1) : 0 }
            signals.process(.inbound, row: Int64(step), values: row.span) { told.append($0) }
        }
        #expect(told.contains { $0.name == "speech" && $0.phase == .started })
        // 500 steps less max_track_skew_ms, and the time that rows of silence may be on their way.
        #expect(signals.stepsWithoutTrack == 500 - 200 - 60)
        // What then comes of the other track for steps that were taken is late.
        let row = [Float](repeating: 0, count: DrawnCall.columns.count)
        signals.process(.outbound, row: 0, values: row.span) { told.append($0) }
        #expect(signals.lateRows == 1)
    }

    @Test func `a call of one track has its signals`() throws {
        var signals = CallSignals(settings: call.settings)
        try signals.open(.outbound, grid: DrawnCall.grid, columns: DrawnCall.columns)
        var told: [Signal] = []
        for step in 0..<100 {
            let row = DrawnCall.columns.map { $0.name == "speech_probability" && step < 50 ? Float(1) : 0 }
            signals.process(.outbound, row: Int64(step), values: row.span) { told.append($0) }
        }
        signals.end(.outbound) { told.append($0) }
        #expect(told.filter { $0.name == "turn" }.map(\.end) == [nil, 0.5])
        #expect(signals.stepsWithoutTrack == 0)
    }

    @Test func `a track without rows at first, and one that ends early, are quiet`() throws {
        let call = DrawnCall(
            inbound: "      #########.....",
            outbound: "..#######"
        )
        #expect(
            try call.signals("overtalk").map(\.phase) == [.started, .ended],
            "both speak from 0.6 to 0.9 s")
        #expect(try call.signals("overtalk").last?.end == 0.9)
    }

    @Test func `no rows and a single row give no signal`() throws {
        #expect(try DrawnCall(inbound: "", outbound: "").signals().isEmpty)
        var one = DrawnCall(inbound: "#", outbound: "")
        one.drawing = CallDrawing(inbound: "#", outbound: "", stepsPerCharacter: 1)
        #expect(try one.signals().isEmpty)
    }

    @Test func `rows of not-a-number are quiet`() throws {
        var call = DrawnCall(inbound: "???????????????????????????????????????????", outbound: "..####.......")
        call.meanings["?"] = Dictionary(uniqueKeysWithValues: DrawnCall.columns.map { ($0.name, Float.nan) })
        #expect(try call.signals().allSatisfy { $0.track != .inbound })
    }

    @Test func `tracks of different rates share the clock`() throws {
        // 11,025 Hz has no whole number of samples in 10 ms: its rows drift against the clock.
        var signals = CallSignals(settings: call.settings)
        let odd = FrameGrid(sampleRate: 11_025, windowMs: 10, hopMs: 10)
        try signals.open(.inbound, grid: odd, columns: DrawnCall.columns)
        try signals.open(
            .outbound, grid: FrameGrid(sampleRate: 16_000, windowMs: 10, hopMs: 10), columns: DrawnCall.columns)
        var told: [Signal] = []
        func give(_ role: TrackRole, row: Int64, seconds: Double, from: Double, to: Double) {
            let values = DrawnCall.columns.map {
                $0.name == "speech_probability" && seconds >= from && seconds < to ? Float(1) : 0
            }
            signals.process(role, row: row, values: values.span) { told.append($0) }
        }
        for row in Int64(0)..<6_000 {
            give(.inbound, row: row, seconds: odd.start(ofRow: row).seconds, from: 50, to: 52)
            give(.outbound, row: row, seconds: Double(row) * 0.01, from: 51, to: 53)
        }
        for role in TrackRole.both { signals.end(role) { told.append($0) } }
        let overtalk = told.first { $0.name == "overtalk" && $0.phase == .ended }
        // ±20 ms: a row of either track may stand for the step next to it.
        #expect(abs((overtalk?.start ?? 0) - 51) <= 0.02)
        #expect(abs((overtalk?.end ?? 0) - 52) <= 0.02)
    }

    @Test func `a missing column is reported with the feature that provides it`() throws {
        var signals = CallSignals(settings: call.settings)
        let columns = DrawnCall.columns.filter { $0.name != "dtmf_code" }
        let error = #expect(throws: AnalysisError.self) {
            try signals.open(.inbound, grid: DrawnCall.grid, columns: columns)
        }
        #expect(error?.detail.contains("dtmf_code") == true)
    }

    @Test func `the features that the signals read exist and provide every column`() throws {
        let settings = AnalysisSettings()
        let measure = try FeatureExtractor(
            grid: settings.grid(sampleRate: 8_000), features: CallSignals.features(for: settings), settings: settings)
        var signals = CallSignals(settings: settings)
        try signals.open(.inbound, grid: measure.grid, columns: measure.columns)
    }

    @Test func `a talk spurt is reported when it is confirmed and when it ends`() throws {
        let call = DrawnCall(inbound: "..####.....", outbound: "...........")
        #expect(
            try call.signals("speech") == [
                Signal("speech", .started, track: .inbound, start: 0.2),
                Signal("speech", .ended, track: .inbound, start: 0.2, end: 0.6),
            ])
    }
}
