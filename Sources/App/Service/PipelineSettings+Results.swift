package import SidetoneConfiguration
import SidetoneFiles

extension PipelineSettings {
    /// Whether an input was analysed to its end before, into every directory of the sinks.
    ///
    /// Needs a `summary` sink, whose file is the last that a complete run leaves.
    package func hasResults(of input: AnalysisInput) -> Bool {
        let summaries = directories(of: SummaryFormat.name)
        guard !summaries.isEmpty else { return false }
        return directories.allSatisfy {
            OutputFolders.hasCompleteResults(
                of: SafeName.inputName(input.name), in: $0, hasSummary: summaries.contains($0), input: input.path)
        }
    }
}
