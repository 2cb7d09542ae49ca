package import Logging
package import SidetonePipeline

/// Carries streams into files of one format, on a thread of its own, where it may wait for the disk.
///
/// A stream whose file fails is given up: its file is closed as far as it is whole and renamed `….partial.…`, the rest
/// of that stream is passed over, and other streams go on.
package actor FileSink<Format: FileFormat>: Sink {
    package static var name: String { Format.name }
    package nonisolated var kinds: PipelineItem.Kinds { Format.kinds }
    package nonisolated var interval: Duration { Format.interval }

    private nonisolated let queue: QueueExecutor
    package nonisolated var executor: QueueExecutor? { queue }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    private struct Stream {
        /// Keeps the stream's identity from being used again.
        let info: StreamInfo
        let files: StreamFiles
        let format: Format
    }

    private let settings: Format.Settings
    nonisolated let folders: OutputFolders
    private let logger: Logger
    private var streams: [ObjectIdentifier: Stream] = [:]
    /// Streams whose last file is to be tried again, the oldest first.
    private var unfinished: [(stream: StreamInfo, summary: StreamSummary)] = []
    private var triedAt = ContinuousClock.now
    /// Streams that are remembered for another try.
    private static var unfinishedLimit: Int { 10_000 }
    private static var retryInterval: Duration { .seconds(1) }

    package init(_ settings: Format.Settings, _ folders: OutputFolders, _ logger: Logger) {
        queue = QueueExecutor(label: "sidetone.\(Format.name)")
        self.settings = settings
        self.folders = folders
        self.logger = logger
    }

    /// - Throws: the first `FileError` of the batch, after all of it was tried.
    package func write(_ items: [PipelineItem]) throws {
        var first: FileError?
        for case .stream(let stream, let output) in items {
            do throws(FileError) { try append(output, of: stream) } catch {
                abandon(stream, error: error, during: output)
                first = first ?? error
            }
        }
        if !unfinished.isEmpty, ContinuousClock.now - triedAt > Self.retryInterval { finishRest() }
        if let first { throw first }
    }

    /// Tries once more to write what could not be written at its stream's end, until one fails again.
    private func finishRest() {
        while let (stream, summary) = unfinished.first {
            do throws(FileError) {
                let files = try folders.files(of: stream)
                try Format(stream, settings, files).finish(summary)
                unfinished.removeFirst()
            } catch { break }
        }
        triedAt = .now
    }

    /// Closes the files of streams that have not ended, as whole as they are.
    package func close() throws {
        var first: FileError?
        for stream in streams.values.sorted(by: { $0.info.folder.lexicographicallyPrecedes($1.info.folder) }) {
            do throws(FileError) { try stream.format.finish(nil) } catch {
                abandon(stream.info, error: error, during: .opened)
                first = first ?? error
            }
        }
        streams = [:]
        finishRest()
        if let first { throw first }
    }

    private func append(_ output: StreamOutput, of stream: StreamInfo) throws(FileError) {
        let id = ObjectIdentifier(stream)
        switch output {
        case .opened:
            let files = try folders.files(of: stream)
            do throws(FileError) {
                let format = try Format(stream, settings, files)
                streams[id] = Stream(info: stream, files: files, format: format)
            } catch {
                files.abandon()
                throw error
            }
        case .ended(let summary):
            guard let opened = streams[id] else {
                // Nothing could be opened for it: for what needs nothing but the summary, that is no reason to give up.
                if Format.isRetried, unfinished.count < Self.unfinishedLimit { unfinished.append((stream, summary)) }
                return
            }
            try opened.format.finish(summary)
            streams[id] = nil
        default: try streams[id]?.format.append(output)
        }
    }

    /// The stream's files are given up, which its summary and a signal report.
    private func abandon(_ stream: StreamInfo, error: FileError, during output: StreamOutput) {
        let opened = streams.removeValue(forKey: ObjectIdentifier(stream))
        // Where nothing was opened yet, none of the sink's files will be there.
        var names = opened == nil || error.path.contains("/\(Journal.folderName)/") ? ["*"] : [error.name]
        for name in opened?.files.abandon() ?? [] where !names.contains(name) { names.append(name) }
        if Format.isRetried, case .ended(let summary) = output, unfinished.count < Self.unfinishedLimit {
            unfinished.append((stream, summary))
        } else {
            stream.losses.add(
                names.map { .init(sink: Format.name, name: $0, reason: error.code.rawValue) }, of: stream)
        }
        logger.error(
            "Stream's file given up",
            metadata: ["sink": "\(Format.name)", "stream": "\(stream.folder.last ?? "")", "error": "\(error)"])
    }
}
