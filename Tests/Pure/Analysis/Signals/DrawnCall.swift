import SidetoneModel
import SidetoneTestSignals

@testable import SidetoneAnalysis

/// Runs drawn calls through `CallSignals`: window and hop are both 10 ms, so a drawn step reads as its time.
struct DrawnCall {
    static let grid = FrameGrid(sampleRate: 8_000, windowMs: 10, hopMs: 10)
    static let columns = CallSignals.columns.map { Column($0, unit: "", range: "", decimals: 3, "drawn") }

    var settings = AnalysisSettings()
    var drawing: CallDrawing
    /// What a character means, by column; a column that is not named is 0, and `level_dbfs` −60.
    var meanings: [Character: [String: Float]] = [
        "#": ["speech_probability": 1, "level_dbfs": -26]
    ]

    init(inbound: String, outbound: String, _ options: [(name: String, value: SettingValue)] = []) {
        drawing = CallDrawing(inbound: inbound, outbound: outbound)
        settings.windowMs = 10
        let problems = settings.signals.apply(options)
        precondition(problems.isEmpty, "a drawn call's options are right")
    }

    /// All signals, in the order in which they were told.
    func signals(order: [TrackRole]? = nil) throws -> [Signal] {
        var call = CallSignals(settings: settings)
        return try run(&call, order: order)
    }

    /// Those of one name.
    func signals(_ name: String) throws -> [Signal] { try signals().filter { $0.name == name } }

    /// - Parameter order: whose row is next, over and over until both tracks are out; nil: step by step.
    func run(_ call: inout CallSignals, order: [TrackRole]? = nil) throws -> [Signal] {
        var told: [Signal] = []
        for role in TrackRole.allCases { try call.open(role, grid: Self.grid, columns: Self.columns) }
        var next = [0, 0]
        for role in order ?? [] {
            give(role, step: next[role.index], call: &call, told: &told)
            next[role.index] += 1
        }
        while next.contains(where: { $0 < drawing.steps }) {
            for role in TrackRole.allCases where next[role.index] < drawing.steps {
                give(role, step: next[role.index], call: &call, told: &told)
                next[role.index] += 1
            }
        }
        for role in TrackRole.allCases { call.end(role) { told.append($0) } }
        return told
    }

    private func give(_ role: TrackRole, step: Int, call: inout CallSignals, told: inout [Signal]) {
        guard let character = drawing.character(role, step: step) else { return }
        let meaning = meanings[character] ?? [:]
        let row = Self.columns.map { meaning[$0.name] ?? ($0.name == "level_dbfs" ? -60 : 0) }
        for fact in facts(meaning, step: step) { call.process(role, fact: fact) }
        call.process(role, row: Int64(step), values: row.span) { told.append($0) }
    }

    /// What a character means besides columns: the end of a digit (`dtmf_ended`, with `dtmf_age_ms` and
    /// `dtmf_length_ms`), and packets of silence (`empty_packets`) that end with it.
    private func facts(_ meaning: [String: Float], step: Int) -> [TrackFact] {
        guard (step + 1) % drawing.stepsPerCharacter == 0 else { return [] }
        let end = Int64(step + 1) * Int64(Self.grid.hop)
        var facts: [TrackFact] = []
        if let code = meaning["dtmf_ended"], let age = meaning["dtmf_age_ms"], let length = meaning["dtmf_length_ms"] {
            let start = end - Int64(Self.grid.hop) - Int64(age * 8)
            facts.append(
                TrackFact(
                    row: Int64(step),
                    kind: .digit(
                        .init(
                            code: Int(code), start: start, end: start + Int64(length * 8),
                            levelDBFS: meaning["dtmf_level_dbfs"] ?? -96))))
        }
        if let packets = meaning["empty_packets"] {
            let count = Int64(packets) * 160
            facts.append(TrackFact(row: Int64(step), kind: .emptyPackets(first: end - count, count: count)))
        }
        return facts
    }
}
