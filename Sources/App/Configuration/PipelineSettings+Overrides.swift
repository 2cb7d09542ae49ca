import Foundation
import SidetoneAnalysis
import SidetoneFiles
package import SidetoneJSON
import SidetoneModel
import SidetonePipeline

extension PipelineSettings {
    /// What `analyze` does when no pipeline file is named.
    package static var offline: PipelineSettings {
        var settings = PipelineSettings()
        settings.sinks = ["csv", "jsonl", "summary"].map {
            SinkSettings(name: $0, values: ["directory": .text("out")])
        }
        return settings
    }

    /// Sends every sink's files to one folder.
    package mutating func direct(to directory: String) {
        for index in sinks.indices { sinks[index].values["directory"] = .text(directory) }
    }

    /// The folders that the sinks write to.
    package var directories: [String] {
        var directories: [String] = []
        for sink in sinks {
            if case .text(let directory)? = sink.values["directory"], !directories.contains(directory) {
                directories.append(directory)
            }
        }
        return directories
    }

    /// Measures these sets instead.
    ///
    /// - Throws: `Diagnostics` that names what does not exist, with the nearest word.
    package mutating func measure(_ features: [String]) throws(Diagnostics) {
        guard let field = AnalysisSettings.fields.first(where: { $0.name == "features" }) else { return }
        if let wrong = field.apply(.list(features.map { .text($0) }), &stream.analysis) {
            throw Diagnostics(Diagnostic(file: "--features", line: 1, wrong: wrong))
        }
    }

    /// Whether the sinks leave a `summary.json`, the last file of a complete run.
    package var writesSummaries: Bool { !directories(of: SummaryFormat.name).isEmpty }

    /// The folders that the sinks of a name write to.
    package func directories(of sink: String) -> [String] {
        sinks.filter { $0.name == sink }.compactMap { sink in
            if case .text(let directory)? = sink.values["directory"] { directory } else { nil }
        }
    }
}
