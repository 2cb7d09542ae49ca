package import SidetoneConfiguration
import SidetoneFiles

extension PipelineSettings {
    /// Whether complete results of an input exist in every output directory. Requires a `summary` sink, whose file is
    /// written last.
    package func hasResults(of input: AnalysisInput) -> Bool {
        let summaries = directories(of: SummaryFormat.name)
        guard !summaries.isEmpty else { return false }
        return directories.allSatisfy {
            OutputFolders.hasCompleteResults(
                of: SafeName.inputName(input.name), in: $0, hasSummary: summaries.contains($0), input: input.path)
        }
    }
}
