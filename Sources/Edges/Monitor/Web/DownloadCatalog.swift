import SidetonePipeline

/// The files that other sinks of the pipeline write for each stream.
struct DownloadCatalog: Sendable {
    /// The files that may be downloaded, with their content types, as the sinks declare them.
    let types: [String: String]

    private let archives: [any StreamArchive]

    init(_ sinks: [any PipelineSink]) {
        archives = sinks.compactMap { $0 as? any StreamArchive }
        types = archives.reduce(into: [:]) { types, archive in types.merge(archive.contentTypes) { first, _ in first } }
    }

    /// The names of a stream's files.
    func names(of stream: StreamInfo) -> [String] {
        var names: Set<String> = []
        for archive in archives { names.formUnion(archive.files(of: stream)) }
        return names.filter { types[$0] != nil }.sorted()
    }

    /// The names of the files in a folder below an output directory.
    func names(in folder: [String]) -> [String] {
        var names: Set<String> = []
        for archive in archives { names.formUnion(archive.files(in: folder)) }
        return names.filter { types[$0] != nil }.sorted()
    }

    /// Opens a file of a stream for reading.
    ///
    /// - Returns: its descriptor, to be closed by the caller; nil if there is none.
    func open(_ name: String, of stream: StreamInfo) -> Int32? {
        guard types[name] != nil else { return nil }
        return archives.lazy.compactMap { $0.open(name, of: stream) }.first
    }

    func open(_ name: String, in folder: [String]) -> Int32? {
        guard types[name] != nil else { return nil }
        return archives.lazy.compactMap { $0.open(name, in: folder) }.first
    }
}
