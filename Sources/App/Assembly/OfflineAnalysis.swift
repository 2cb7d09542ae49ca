public import Logging
public import SidetonePipeline

/// Analyses recordings and captured streams: each input the same way as a live stream, several side by side.
public struct OfflineAnalysis: Sendable {
    /// What became of one input.
    public struct Outcome: Sendable {
        public var input: AnalysisInput
        public var summary: StreamSummary?
        /// Why it failed; nil when it did not.
        public var failure: String?
    }

    private let settings: PipelineSettings
    private let jobs: Int
    private let logger: Logger

    /// - Parameter jobs: inputs side by side, at least 1.
    public init(_ settings: PipelineSettings, jobs: Int, logger: Logger) {
        self.settings = settings
        self.jobs = max(1, jobs)
        self.logger = logger
    }

    /// Analyses all inputs; one that fails does not stop the others.
    ///
    /// - Parameter progress: told after each input, and while it runs, with its share, 0…1.
    /// - Returns: in the order of the inputs.
    /// - Throws: when an output directory cannot be written.
    public func run(
        _ inputs: [AnalysisInput], progress: @escaping @Sendable (Int, Double) -> Void
    ) async throws -> [Outcome] {
        let stream = try settings.stream.withModels()
        let assembly = try SinkAssembly(settings.sinks, isLive: false, logger: logger)
        return await withTaskGroup(of: (Int, Outcome).self) { group in
            var outcomes = [Outcome?](repeating: nil, count: inputs.count)
            var next = 0
            func start() {
                guard next < inputs.count else { return }
                let index = next
                next += 1
                group.addTask {
                    (index, await analyze(inputs[index], stream, assembly) { progress(index, $0) })
                }
            }
            for _ in 0..<jobs { start() }
            for await (index, outcome) in group {
                outcomes[index] = outcome
                progress(index, 1)
                start()
            }
            return outcomes.compactMap { $0 }
        }
    }

    private func analyze(
        _ input: AnalysisInput, _ stream: StreamSettings, _ assembly: SinkAssembly,
        _ progress: @Sendable (Double) -> Void
    ) async -> Outcome {
        do {
            let fanout = SinkFanout(try assembly.sinks().map { SinkQueue($0, limit: .max, logger: logger) })
            let analysis = InputAnalysis(input, settings: stream, fanout: fanout, logger: logger)
            let summary = try await analysis.run(progress)
            return Outcome(input: input, summary: summary)
        } catch {
            return Outcome(input: input, failure: "\(error)")
        }
    }
}
