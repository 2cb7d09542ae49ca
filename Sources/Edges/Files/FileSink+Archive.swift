package import SidetonePipeline

extension FileSink: StreamArchive {
    package nonisolated func files(of stream: StreamInfo) -> [String] {
        folders.path(of: stream).map { files(in: $0) } ?? []
    }

    package nonisolated func files(in folder: [String]) -> [String] {
        (try? folders.existing(folder).names()) ?? []
    }

    package nonisolated func open(_ name: String, of stream: StreamInfo) -> Int32? {
        folders.path(of: stream).flatMap { open(name, in: $0) }
    }

    package nonisolated func open(_ name: String, in folder: [String]) -> Int32? {
        guard SafeName.isComponent(name) else { return nil }
        return try? folders.existing(folder).plainFile(name)
    }
}

extension OutputFolders {
    /// Opens a folder below the directory; makes nothing.
    func existing(_ path: [String]) throws(FileError) -> Folder {
        var folder = try Folder.at(directory, makes: false)
        for name in path {
            guard SafeName.isComponent(name) else { throw FileError(.malformed, name, "is no name of a folder") }
            folder = try folder.folder(name)
        }
        return folder
    }
}
