import Foundation
import SidetoneAnalysis
import SidetoneFiles
package import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneServer
import SidetoneTracks
import SidetoneWebhooks
import Yams

/// Reads pipeline files. Validation accesses no other file and no network.
package enum PipelineFile {
    /// Reads a file.
    ///
    /// - Throws: `Diagnostics` with every problem of the file.
    package static func read(_ path: String) throws(Diagnostics) -> PipelineSettings {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw Diagnostics(
                Diagnostic(file: path, line: 1, wrong: "cannot be read; expected a pipeline file in UTF-8"))
        }
        return try read(text: text, file: path)
    }

    /// Reads a text.
    ///
    /// - Parameter file: its name in messages.
    package static func read(text: String, file: String) throws(Diagnostics) -> PipelineSettings {
        var reader = SettingsReader(file: file)
        let settings = read(text, reader: &reader)
        guard reader.diagnostics.isEmpty, let settings else {
            throw reader.diagnostics.sortedByLine()
        }
        return settings
    }

    private static func read(_ text: String, reader: inout SettingsReader) -> PipelineSettings? {
        let root: Node
        do {
            guard let node = try Yams.compose(yaml: text) else {
                reader.record(1, path: "", detail: "is empty; expected sources, stages and sinks")
                return nil
            }
            root = node
        } catch {
            reader.record(line(of: error), path: "", detail: "is not YAML (\(sentence(of: error)))")
            return nil
        }
        var settings = PipelineSettings()
        let parts = ["sources", "stages", "sinks"]
        let pairs = reader.pairs(root, path: "") ?? []
        for (name, node) in pairs {
            switch name {
            case "sources": readSources(node, settings: &settings, reader: &reader)
            case "stages": readStages(node, settings: &settings, reader: &reader)
            case "sinks": readSinks(node, settings: &settings, reader: &reader)
            default: reader.unknown(name, among: parts, line: reader.line(node), path: "", kind: "part of a pipeline")
            }
        }
        if !pairs.contains(where: { $0.name == "sinks" }) {
            reader.record(1, path: "sinks", detail: "is missing; add at least one, such as - csv: { directory: out }")
        }
        // Without stages, nothing is measured.
        if !pairs.contains(where: { $0.name == "stages" }) { measureNothing(&settings) }
        return settings
    }

    private static func measureNothing(_ settings: inout PipelineSettings) {
        settings.stream.analysis.features = []
        settings.stream.makesSignals = false
    }

    private static func readSources(_ node: Node, settings: inout PipelineSettings, reader: inout SettingsReader) {
        for (name, node, line) in reader.components(node, path: "sources") {
            switch name {
            case WebSocketSourceSettings.name:
                readSource(name, node: node, line: line, settings: &settings.source, reader: &reader)
            case WebhookSourceSettings.name:
                readSource(name, node: node, line: line, settings: &settings.webhooks, reader: &reader)
            default:
                reader.unknown(
                    name, among: [WebhookSourceSettings.name, WebSocketSourceSettings.name], line: line,
                    path: "sources", kind: "source")
            }
        }
    }

    private static func readSource<Source: ComponentSettings>(
        _ name: String, node: Node?, line: Int, settings: inout Source?, reader: inout SettingsReader
    ) {
        let path = "sources.\(name)"
        guard settings == nil else {
            reader.record(line, path: path, detail: "is given twice; a pipeline has only one")
            return
        }
        var source = Source()
        reader.apply(reader.entries(node, path: path), to: &source, line: line, path: path)
        settings = source
    }

    private static func readStages(_ node: Node, settings: inout PipelineSettings, reader: inout SettingsReader) {
        let names = ["align", "measure", "detect", "signal"]
        var seen: [String] = []
        for (name, node, line) in reader.components(node, path: "stages") {
            let path = "stages.\(name)"
            guard !seen.contains(name) else {
                reader.record(line, path: path, detail: "is given twice; keep one")
                continue
            }
            seen.append(name)
            let entries = reader.entries(node, path: path)
            switch name {
            case "align":
                reader.apply(entries, to: &settings.stream.timeline, fields: TimelineSettings.fields, path: path)
            case "measure":
                reader.apply(entries, to: &settings.stream.analysis, fields: AnalysisSettings.fields, path: path)
            case "detect":
                reader.apply(entries, to: &settings.stream.analysis.detect, fields: DetectSettings.fields, path: path)
            case "signal":
                reader.apply(entries, to: &settings.stream.analysis.signals, fields: SignalSettings.fields, path: path)
            default: reader.unknown(name, among: names, line: line, path: "stages", kind: "stage")
            }
        }
        checkGrid(settings.stream.analysis, line: reader.line(node), reader: &reader)
        if !seen.contains("measure") { settings.stream.analysis.features = [] }
        settings.stream.makesSignals = seen.contains("signal")
    }

    /// Problems of combined settings: features that the frame grid of a telephone track cannot support.
    private static func checkGrid(_ analysis: AnalysisSettings, line: Int, reader: inout SettingsReader) {
        if let problem = analysis.gridProblem {
            reader.record(line, path: "stages.measure", detail: problem)
            return
        }
        do throws(AnalysisError) {
            let grid = analysis.grid(sampleRate: 8_000)
            _ = try FeatureExtractor(grid: grid, features: analysis.features, settings: analysis)
        } catch {
            // Whether a model is installed is checked when it is loaded: validation accesses no other file.
            if error.code != .modelMissing {
                reader.record(line, path: "stages.measure", detail: "cannot work on 8 kHz: \(error.detail)")
            }
        }
    }

    private static func readSinks(_ node: Node, settings: inout PipelineSettings, reader: inout SettingsReader) {
        let components = reader.components(node, path: "sinks")
        if components.isEmpty {
            reader.record(
                reader.line(node), path: "sinks",
                detail: "is empty; add at least one, such as - csv: { directory: out }")
        }
        for (name, node, line) in components {
            let path = "sinks.\(name)"
            let entries = reader.entries(node, path: path)
            guard let kind = SinkCatalog.named(name) else {
                reader.unknown(name, among: SinkCatalog.all.map { $0.name }, line: line, path: "sinks", kind: "sink")
                continue
            }
            check(kind, entries: entries, line: line, reader: &reader, path: path)
            settings.sinks.append(
                SinkSettings(
                    name: name, values: Dictionary(entries.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })))
        }
    }

    private static func check<Kind: SinkFactory>(
        _ kind: Kind.Type, entries: [SettingEntry], line: Int, reader: inout SettingsReader, path: String
    ) {
        var settings = Kind.Settings()
        reader.apply(entries, to: &settings, line: line, path: path)
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
