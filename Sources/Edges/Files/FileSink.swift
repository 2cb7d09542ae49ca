package import Logging
package import SidetonePipeline

/// Writes streams to files of one format on a dedicated thread, which may block on the disk.
///
/// If a file fails, it is abandoned for that stream: it is cut to its valid part, closed and renamed `….partial.…`, and
/// the rest of that stream is skipped. Other streams continue.
package actor FileSink<Format: FileFormat>: Sink {
    package static var name: String { Format.name }
    package nonisolated var kinds: PipelineItem.Kinds { Format.kinds }
    package nonisolated var interval: Duration { Format.interval }

    private nonisolated let queue: QueueExecutor
    package nonisolated var executor: QueueExecutor? { queue }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    private struct Stream {
        /// Keeps the stream's object identifier from being reused.
        let info: StreamInfo
        let files: StreamFiles
        let format: Format
    }

    private let settings: Format.Settings
    nonisolated let folders: OutputFolders
    private let logger: Logger
    private var streams: [ObjectIdentifier: Stream] = [:]
    /// Streams whose last file is to be retried, oldest first.
    private var unfinished: [(stream: StreamInfo, summary: StreamSummary)] = []
    private var triedAt = ContinuousClock.now
    /// Maximum streams kept for a retry.
    private static var unfinishedLimit: Int { 10_000 }
    private static var retryInterval: Duration { .seconds(1) }

    package init(_ settings: Format.Settings, folders: OutputFolders, logger: Logger) {
        queue = QueueExecutor(label: "sidetone.\(Format.name)")
        self.settings = settings
        self.folders = folders
        self.logger = logger
    }

    /// - Throws: the first `FileError` of the batch, after all of it was attempted.
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

    /// Retries files that could not be written at the end of their streams, until one fails again.
    private func finishRest() {
        while let (stream, summary) = unfinished.first {
            do throws(FileError) {
                let files = try folders.files(of: stream)
                try Format(stream, settings: settings, files: files).finish(summary)
                unfinished.removeFirst()
            } catch { break }
        }
        triedAt = .now
    }

    /// Closes the files of streams that have not ended, complete up to now.
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
                let format = try Format(stream, settings: settings, files: files)
                streams[id] = Stream(info: stream, files: files, format: format)
            } catch {
                files.abandon()
                throw error
            }
        case .ended(let summary):
            guard let opened = streams[id] else {
                // Nothing could be opened for the stream, but a file that needs only the summary can still be written.
                if Format.isRetried, unfinished.count < Self.unfinishedLimit { unfinished.append((stream, summary)) }
                return
            }
            try opened.format.finish(summary)
            streams[id] = nil
        default: try streams[id]?.format.append(output)
        }
    }

    /// Abandons the stream's files; its summary and a signal report them as missing.
    private func abandon(_ stream: StreamInfo, error: FileError, during output: StreamOutput) {
        let opened = streams.removeValue(forKey: ObjectIdentifier(stream))
        // If nothing was opened yet, all of the sink's files will be missing.
        var names = opened == nil || error.path.contains("/\(Journal.folderName)/") ? ["*"] : [error.name]
        for name in opened?.files.abandon() ?? [] where !names.contains(name) { names.append(name) }
        if Format.isRetried, case .ended(let summary) = output, unfinished.count < Self.unfinishedLimit {
            unfinished.append((stream, summary))
        } else {
            stream.losses.add(
                names.map { .init(sink: Format.name, name: $0, reason: error.code.rawValue) }, of: stream)
        }
        logger.error(
            "File abandoned",
            metadata: ["sink": "\(Format.name)", "stream": "\(stream.folder.last ?? "")", "error": "\(error)"])
    }
}
