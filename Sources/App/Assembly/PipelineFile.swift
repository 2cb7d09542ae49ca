import Foundation
import SidetoneAnalysis
import SidetoneFiles
import SidetoneModel
import SidetonePipeline
import SidetoneServer
import SidetoneTracks
import SidetoneWebhooks
import Yams

/// Reads pipeline files. Checking touches no other file and no network.
public enum PipelineFile {
    /// Reads a file.
    ///
    /// - Throws: `SettingsError` with every problem of the file.
    public static func read(_ path: String) throws(SettingsError) -> PipelineSettings {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw SettingsError([
                Problem(file: path, line: 1, path: "", detail: "cannot be read; name a pipeline file in UTF-8")
            ])
        }
        return try read(text: text, file: path)
    }

    /// Reads a text.
    ///
    /// - Parameter file: its name in messages.
    public static func read(text: String, file: String) throws(SettingsError) -> PipelineSettings {
        var reader = SettingsReader(file: file)
        let settings = read(text, &reader)
        guard reader.problems.isEmpty, let settings else {
            throw SettingsError(reader.problems.sorted { $0.line < $1.line })
        }
        return settings
    }

    private static func read(_ text: String, _ reader: inout SettingsReader) -> PipelineSettings? {
        let root: Node
        do {
            guard let node = try Yams.compose(yaml: text) else {
                reader.note(1, "", "is empty; it takes sources, stages and sinks")
                return nil
            }
            root = node
        } catch {
            reader.note(line(of: error), "", "is not YAML (\(sentence(of: error)))")
            return nil
        }
        var settings = PipelineSettings()
        let parts = ["sources", "stages", "sinks"]
        let pairs = reader.pairs(root, "") ?? []
        for (name, node) in pairs {
            switch name {
            case "sources": readSources(node, &settings, &reader)
            case "stages": readStages(node, &settings, &reader)
            case "sinks": readSinks(node, &settings, &reader)
            default: reader.unknown(name, among: parts, reader.line(node), "", "part of a pipeline")
            }
        }
        if !pairs.contains(where: { $0.name == "sinks" }) {
            reader.note(1, "sinks", "is missing; name at least one, such as - csv: { directory: out }")
        }
        // Without the stages nothing is measured.
        if !pairs.contains(where: { $0.name == "stages" }) { measureNothing(&settings) }
        return settings
    }

    private static func measureNothing(_ settings: inout PipelineSettings) {
        settings.stream.analysis.features = []
        settings.stream.makesSignals = false
    }

    private static func readSources(_ node: Node, _ settings: inout PipelineSettings, _ reader: inout SettingsReader) {
        for (name, node, line) in reader.components(node, "sources") {
            switch name {
            case WebSocketSourceSettings.name: readSource(name, node, line, &settings.source, &reader)
            case WebhookSourceSettings.name: readSource(name, node, line, &settings.webhooks, &reader)
            default:
                reader.unknown(
                    name, among: [WebhookSourceSettings.name, WebSocketSourceSettings.name], line, "sources", "source")
            }
        }
    }

    private static func readSource<Source: ComponentSettings>(
        _ name: String, _ node: Node?, _ line: Int, _ settings: inout Source?, _ reader: inout SettingsReader
    ) {
        let path = "sources.\(name)"
        guard settings == nil else {
            reader.note(line, path, "is there twice; a pipeline has one")
            return
        }
        var source = Source()
        reader.apply(reader.entries(node, path), to: &source, line, path)
        settings = source
    }

    private static func readStages(_ node: Node, _ settings: inout PipelineSettings, _ reader: inout SettingsReader) {
        let names = ["align", "measure", "detect", "signal"]
        var seen: [String] = []
        for (name, node, line) in reader.components(node, "stages") {
            let path = "stages.\(name)"
            guard !seen.contains(name) else {
                reader.note(line, path, "is there twice; keep one")
                continue
            }
            seen.append(name)
            let entries = reader.entries(node, path)
            switch name {
            case "align": reader.apply(entries, to: &settings.stream.timeline, TimelineSettings.fields, path)
            case "measure": reader.apply(entries, to: &settings.stream.analysis, AnalysisSettings.fields, path)
            case "detect": reader.apply(entries, to: &settings.stream.analysis.detect, DetectSettings.fields, path)
            case "signal":
                reader.apply(entries, to: &settings.stream.analysis.signals, SignalSettings.fields, path)
            default: reader.unknown(name, among: names, line, "stages", "stage")
            }
        }
        checkGrid(settings.stream.analysis, reader.line(node), &reader)
        if !seen.contains("measure") { settings.stream.analysis.features = [] }
        settings.stream.makesSignals = seen.contains("signal")
    }

    /// What no single setting shows: sets of measures that the grid of a telephone track cannot carry.
    private static func checkGrid(_ analysis: AnalysisSettings, _ line: Int, _ reader: inout SettingsReader) {
        if let problem = analysis.gridProblem {
            reader.note(line, "stages.measure", problem)
            return
        }
        do throws(AnalysisError) {
            let grid = analysis.grid(sampleRate: 8_000)
            _ = try Measure(grid: grid, features: analysis.features, settings: analysis)
        } catch {
            // Whether a model is installed is found out when it is needed: checking touches no other file.
            if error.code != .modelMissing {
                reader.note(line, "stages.measure", "cannot work on 8 kHz: \(error.detail)")
            }
        }
    }

    private static func readSinks(_ node: Node, _ settings: inout PipelineSettings, _ reader: inout SettingsReader) {
        let components = reader.components(node, "sinks")
        if components.isEmpty {
            reader.note(reader.line(node), "sinks", "is empty; name at least one, such as - csv: { directory: out }")
        }
        for (name, node, line) in components {
            let path = "sinks.\(name)"
            let entries = reader.entries(node, path)
            guard let kind = SinkCatalog.named(name) else {
                reader.unknown(name, among: SinkCatalog.all.map { $0.name }, line, "sinks", "sink")
                continue
            }
            check(kind, entries, line, &reader, path)
            settings.sinks.append(
                SinkSettings(
                    name: name, values: Dictionary(entries.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })))
        }
    }

    private static func check<Kind: SinkKind>(
        _ kind: Kind.Type, _ entries: [SettingEntry], _ line: Int, _ reader: inout SettingsReader, _ path: String
    ) {
        var settings = Kind.Settings()
        reader.apply(entries, to: &settings, line, path)
    }

    private static func line(of error: any Error) -> Int {
        guard let error = error as? YamlError else { return 1 }
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): return mark.line
        default: return 1
        }
    }

    private static func sentence(of error: any Error) -> String {
        guard let error = error as? YamlError else { return "\(error)" }
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
            return problem
        default: return "\(error)"
        }
    }
}
