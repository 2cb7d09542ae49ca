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
            do throws(FileError) { try take(output, of: stream) } catch {
                giveUp(stream, error)
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Closes the files of streams that have not ended, as whole as they are.
    package func close() throws {
        var first: FileError?
        for stream in streams.values.sorted(by: { $0.info.folder.lexicographicallyPrecedes($1.info.folder) }) {
            do throws(FileError) { try stream.format.finish(nil) } catch {
                giveUp(stream.info, error)
                first = first ?? error
            }
        }
        streams = [:]
        if let first { throw first }
    }

    private func take(_ output: StreamOutput, of stream: StreamInfo) throws(FileError) {
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
            try streams[id]?.format.finish(summary)
            streams[id] = nil
        default: try streams[id]?.format.take(output)
        }
    }

    private func giveUp(_ stream: StreamInfo, _ error: FileError) {
        streams.removeValue(forKey: ObjectIdentifier(stream))?.files.abandon()
        logger.error(
            "Stream's file given up",
            metadata: ["sink": "\(Format.name)", "stream": "\(stream.folder.last ?? "")", "error": "\(error)"])
    }
}
