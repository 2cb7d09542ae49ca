package import Logging
package import SidetoneConfiguration
import SidetoneFiles
import SidetoneJSON
package import SidetonePipeline

/// Analyses recordings and captured streams like live streams, several in parallel.
package struct OfflineAnalysis: Sendable {
    /// The result of one input.
    package struct Outcome: Sendable {
        package var input: AnalysisInput
        package var summary: StreamSummary?
        /// The reason of a failure; nil on success.
        package var failure: String?
    }

    private let settings: PipelineSettings
    private let jobs: Int
    private let logger: Logger

    /// - Parameter jobs: inputs analysed in parallel, at least 1.
    package init(_ settings: PipelineSettings, jobs: Int, logger: Logger) {
        self.settings = settings
        self.jobs = max(1, jobs)
        self.logger = logger
    }

    /// Analyses all inputs; a failure does not stop the others.
    /// - Parameter progress: called during and after each input with its index and progress, 0…1.
    /// - Returns: in the order of the inputs.
    /// - Throws: when an output directory cannot be written.
    package func run(
        _ inputs: [AnalysisInput], progress: @escaping @Sendable (Int, Double) -> Void
    ) async throws -> [Outcome] {
        let stream = try settings.stream.withModels()
        let assembly = try SinkAssembly(
            settings.sinks, isLive: false, reading: inputs.map(\.path), logger: logger)
        return await withTaskGroup(of: (Int, Outcome).self) { group in
            var outcomes = [Outcome?](repeating: nil, count: inputs.count)
            var next = 0
            func start() {
                guard next < inputs.count else { return }
                let index = next
                next += 1
                group.addTask {
                    (
                        index,
                        await analyze(inputs[index], stream: stream, assembly: assembly) { progress(index, $0) }
                    )
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
        _ input: AnalysisInput, stream: StreamSettings, assembly: SinkAssembly,
        progress: @Sendable (Double) -> Void
    ) async -> Outcome {
        let folder = SafeName.inputName(input.name)
        do {
            for folders in assembly.outputFolders { try folders.beginResults(of: folder) }
            let fanout = SinkFanout(try assembly.sinks().map { SinkQueue($0, limit: .max, logger: logger) })
            let analysis = InputAnalysis(input, settings: stream, fanout: fanout, logger: logger)
            guard let summary = try await analysis.run(progress) else {
                throw InputError(input.path, "contains no stream: no message starts one")
            }
            for folders in assembly.outputFolders {
                try folders.completeResults(of: folder)
                try Self.completeSegments(of: input, in: folders)
            }
            return Outcome(input: input, summary: summary)
        } catch {
            let failure = Self.describe(error, of: input)
            for folders in assembly.outputFolders {
                try? folders.failResults(of: folder, json: Self.mark(failure, of: input))
            }
            return Outcome(input: input, failure: failure)
        }
    }

    /// A capture in which a stream restarts has one folder per start.
    private static func completeSegments(of input: AnalysisInput, in folders: OutputFolders) throws {
        guard input.kind == .capture else { return }
        var segment = 2
        while true {
            let name = SafeName.inputName(input.name(ofSegment: segment))
            guard folders.holdsPartialResults(of: name) else { return }
            try folders.completeResults(of: name)
            segment += 1
        }
    }

    /// Every message names its file.
    private static func describe(_ error: any Error, of input: AnalysisInput) -> String {
        let text = "\(error)"
        return text.hasPrefix(input.path) ? text : "\(input.path): \(text)"
    }

    private static func mark(_ failure: String, of input: AnalysisInput) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("input", text: input.path)
        json.member("error", text: failure)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
