import Foundation
import SidetoneAnalysis
package import SidetoneJSON
import SidetoneModel
package import SidetonePipeline

/// The neural networks installed by `make models`.
enum Models {
    /// The search path, in order: `SIDETONE_MODELS`, then `models` in the current directory and in the parent folders
    /// of the executable.
    static func load() throws(AnalysisError) -> SpeechModels {
        guard let path = path(of: "silero.weights"), let data = FileManager.default.contents(atPath: path) else {
            return SpeechModels()
        }
        return SpeechModels(silero: try SileroModel(Array(data)))
    }

    private static func path(of name: String) -> String? {
        var folders: [String] = []
        if let folder = ProcessInfo.processInfo.environment["SIDETONE_MODELS"] { folders.append(folder) }
        folders.append("models")
        folders += ProjectFolder.aboveProgram.map { "\($0)/models" }
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
    }
}

extension StreamSettings {
    /// The settings with the installed networks, if the selected detector uses one.
    /// - Throws: `Diagnostics` when the configured detector needs a network that is not installed.
    package func withModels() throws(Diagnostics) -> StreamSettings {
        guard ["auto", SileroDetector.name].contains(analysis.detect.vad) else { return self }
        var settings = self
        do throws(AnalysisError) {
            settings.analysis.detect.models = try Models.load()
            _ = try settings.analysis.detect.detector(on: settings.analysis.grid(sampleRate: 8_000))
        } catch {
            throw Diagnostics(Diagnostic(file: "the pipeline", line: 1, path: "stages.detect.vad", wrong: error.detail))
        }
        return settings
    }
}
