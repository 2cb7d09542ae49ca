import Foundation
import SidetoneAnalysis
import SidetoneFiles
package import SidetoneJSON
import SidetoneModel
import SidetonePipeline

extension PipelineSettings {
    /// The settings of `analyze` without a pipeline file.
    package static var offline: PipelineSettings {
        var settings = PipelineSettings()
        settings.sinks = ["csv", "jsonl", "summary"].map {
            SinkSettings(name: $0, values: ["directory": .text("out")])
        }
        return settings
    }

    /// Sets the output directory of every sink.
    package mutating func direct(to directory: String) {
        for index in sinks.indices { sinks[index].values["directory"] = .text(directory) }
    }

    /// The output directories of the sinks.
    package var directories: [String] {
        var directories: [String] = []
        for sink in sinks {
            if case .text(let directory)? = sink.values["directory"], !directories.contains(directory) {
                directories.append(directory)
            }
        }
        return directories
    }

    /// Replaces the features.
    /// - Throws: `Diagnostics` for unknown features, with the closest match.
    package mutating func measure(_ features: [String]) throws(Diagnostics) {
        guard let field = AnalysisSettings.fields.first(where: { $0.name == "features" }) else { return }
        if let wrong = field.apply(.list(features.map { .text($0) }), &stream.analysis) {
            throw Diagnostics(Diagnostic(file: "--features", line: 1, wrong: wrong))
        }
    }

    /// Whether the sinks write `summary.json`, the last file of a complete run.
    package var writesSummaries: Bool { !directories(of: SummaryFormat.name).isEmpty }

    /// The output directories of the sinks of that name.
    package func directories(of sink: String) -> [String] {
        sinks.filter { $0.name == sink }.compactMap { sink in
            if case .text(let directory)? = sink.values["directory"] { directory } else { nil }
        }
    }
}
