import SidetoneCodecs
package import SidetonePipeline

extension OutputFolders: StreamFolders {
    package func recordings(in path: [String]) -> [RecordedFile] {
        guard let folder = try? below(path) else { return [] }
        return folder.names().compactMap { name in
            guard name.hasSuffix(".wav"), let file = folder.existingFile(name) else { return nil }
            return WAVHeader.recording(file, name: name)
        }
    }

    package func remove(_ path: [String], isTrial: Bool) throws -> RemovedFiles {
        guard let name = path.last, path.allSatisfy(SafeName.isComponent) else {
            throw FileError(
                .malformed, path.joined(separator: "/"), "is not a folder below \(directory) and is not removed")
        }
        var removed = RemovedFiles()
        let parent: Folder
        do throws(FileError) { parent = try below(path.dropLast()) } catch {
            guard error.code == .notFound else { throw error }
            return removed
        }
        removed += try parent.removeFolder(name, isTrial: isTrial)
        guard path.count > 1 else { return removed }
        // The logs of a call are beside the folders of its streams and are removed with the last of these.
        let others = parent.names().filter { $0 != name && parent.isFolder($0) }
        guard others.isEmpty else { return removed }
        removed += try below(path.dropLast(2)).removeFolder(
            path[path.count - 2], isTrial: isTrial, passingOver: isTrial ? name : nil)
        return removed
    }

    /// Opens an existing folder below the directory.
    func below(_ path: some Sequence<String>) throws(FileError) -> Folder {
        var folder = try Folder.at(directory, makes: false)
        for name in path {
            guard SafeName.isComponent(name) else { throw FileError(.malformed, name, "is not a folder name") }
            folder = try folder.folder(name)
        }
        return folder
    }
}
