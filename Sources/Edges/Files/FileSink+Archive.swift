package import SidetonePipeline

extension FileSink: StreamArchive {
    /// Of every format: a folder may hold files that other sinks left there.
    package nonisolated var contentTypes: [String: String] { FileSinks.contentTypes }

    package nonisolated func files(of stream: StreamInfo) -> [String] {
        folders.path(of: stream).map { files(in: $0) } ?? []
    }

    package nonisolated func files(in folder: [String]) -> [String] {
        (try? folders.below(folder).names()) ?? []
    }

    package nonisolated func open(_ name: String, of stream: StreamInfo) -> Int32? {
        folders.path(of: stream).flatMap { open(name, in: $0) }
    }

    package nonisolated func open(_ name: String, in folder: [String]) -> Int32? {
        guard SafeName.isComponent(name) else { return nil }
        return try? folders.below(folder).plainFile(name)
    }
}
