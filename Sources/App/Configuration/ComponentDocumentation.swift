import SidetoneAnalysis
import SidetoneCodecs
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
import SidetoneServer
import SidetoneTracks
import SidetoneWebhooks

/// The documentation of every component that a pipeline file may name, as text.
package enum ComponentDocumentation {
    private struct Entry {
        var kind: String
        var name: String
        var summary: String
        var lines: [String]
    }

    private static func entries() -> [Entry] {
        var entries: [Entry] = []
        for platform in PlatformCatalog.all {
            let settings = platform.settings.map { setting in
                "  \(platform.name)_\(setting.name)  \(setting.words?.joined(separator: ", ") ?? "a text"), default "
                    + "\(setting.standard): \(setting.summary)"
            }
            entries.append(
                Entry(
                    kind: "dialects", name: platform.name, summary: platform.summary,
                    lines: settings.isEmpty ? [] : ["settings of the websocket source:"] + settings))
        }
        for codec in CodecCatalog.all {
            entries.append(
                Entry(
                    kind: "codecs", name: codec.encoding.rawValue,
                    summary: "\(codec.sampleRates.map(String.init).joined(separator: ", ")) Hz; on the wire "
                        + codec.aliases.joined(separator: ", "), lines: []))
        }
        let grid = FrameGrid(sampleRate: 8_000)
        for feature in FeatureCatalog.all {
            entries.append(
                Entry(
                    kind: "features", name: feature.name, summary: feature.summary,
                    lines: ["reference: \(feature.reference)"] + cost(of: feature) + ["columns at 8 kHz:"]
                        + feature.columns(on: grid).map { column in
                            "  \(column.name)  \(column.unit.isEmpty ? "" : column.unit + ", ")\(column.range): \(column.summary)"
                        }))
        }
        for signal in SignalCatalog.all {
            entries.append(
                Entry(
                    kind: "signals", name: signal.name, summary: signal.summary,
                    lines: lines(SignalSettings.fields(of: signal), standard: SignalSettings())
                        + lines(of: signal.declaration)))
        }
        for signal in ReceiverSignals.all {
            let settings =
                signal.name == MediaOptions.signal ? lines(MediaOptions.fields, standard: MediaOptions()) : []
            entries.append(
                Entry(
                    kind: "signals", name: signal.name, summary: signal.summary,
                    lines: settings + lines(of: signal)))
        }
        for detector in SpeechDetectorCatalog.all {
            entries.append(Entry(kind: "detectors", name: detector.name, summary: detector.summary, lines: []))
        }
        entries.append(
            Entry(
                kind: "sources", name: WebhookSourceSettings.name,
                summary: "call events from platforms, and the documents of an answer_url",
                lines: lines(WebhookSourceSettings.fields, standard: WebhookSourceSettings())))
        entries.append(
            Entry(
                kind: "sources", name: WebSocketSourceSettings.name, summary: "streams opened by platforms",
                lines: lines(WebSocketSourceSettings.fields, standard: WebSocketSourceSettings())))
        entries.append(
            Entry(
                kind: "stages", name: "align", summary: "packets to a continuous track",
                lines: lines(TimelineSettings.fields, standard: TimelineSettings())))
        entries.append(
            Entry(
                kind: "stages", name: "measure", summary: "frames to rows",
                lines: lines(AnalysisSettings.fields, standard: AnalysisSettings())))
        entries.append(
            Entry(
                kind: "stages", name: "detect", summary: "speech and talk spurts",
                lines: lines(DetectSettings.fields, standard: DetectSettings())))
        for sink in SinkCatalog.all { entries.append(entry(sink)) }
        return entries
    }

    private static func cost(of feature: any Feature.Type) -> [String] {
        guard let cost = feature.costNs else { return [] }
        return ["cost: \(cost.at8k) ns per frame at 8 kHz, \(cost.at16k) at 16 kHz (\(FeatureCatalog.costMachine))"]
    }

    private static func entry<Kind: SinkFactory>(_ sink: Kind.Type) -> Entry {
        Entry(
            kind: "sinks", name: sink.name, summary: sink.summary,
            lines: lines(Kind.Settings.fields, standard: Kind.Settings()))
    }

    private static func lines<Settings>(_ fields: [Setting<Settings>], standard: Settings) -> [String] {
        fields.map { field in
            let value = field.standard(standard)
            return "  \(field.name): \(field.allowed)\(value.isEmpty ? "" : ", default \(value)"). \(field.summary)"
        }
    }

    /// The event types of a signal, and its values.
    private static func lines(of signal: SignalDeclaration) -> [String] {
        ["types: \(signal.types.joined(separator: ", "))"]
            + signal.values.map { value in "  \(value.name): \(value.meaning)\(value.isOptional ? "; optional" : "")" }
    }

    /// The JSON Schemas of a signal's events, one per line; nil for an unknown signal.
    package static func schemas(of name: String) -> [String]? {
        guard let signal = SignalDeclarations.all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            return nil
        }
        return signal.types.compactMap { signal.schema(of: $0).map(JSONWriter.text(of:)) }
    }

    /// Every component by kind, one per line.
    package static func overview() -> [String] {
        var lines: [String] = []
        var kind = ""
        for entry in entries() {
            if entry.kind != kind {
                if !kind.isEmpty { lines.append("") }
                kind = entry.kind
                lines.append("\(kind):")
            }
            lines.append("  \(entry.name): \(entry.summary)")
        }
        return lines
    }

    /// One component with its settings and columns; nil for an unknown component.
    package static func describe(_ name: String) -> [String]? {
        let found = entries().filter { $0.name.lowercased() == name.lowercased() }
        guard !found.isEmpty else { return nil }
        return found.flatMap { ["\($0.name) (\($0.kind)): \($0.summary)"] + $0.lines }
    }

    package static func nearest(_ name: String) -> String? { NearestWord.of(name, in: entries().map(\.name)) }
}
