import Glibc
import SidetonePipeline

extension Folder {
    /// Maximum nesting depth of an output directory.
    private static let depthLimit = 4

    /// Whether an entry is a folder and not a symbolic link to one.
    func isFolder(_ name: String) -> Bool { (status(name)?.st_mode).map { $0 & S_IFMT == S_IFDIR } ?? false }

    /// Removes a subfolder with its content, if it exists.
    ///
    /// - Parameters:
    ///   - isTrial: only counts, removes nothing.
    ///   - passed: an entry that is already counted.
    /// - Throws: if it is nested deeper than any folder of Sidetone, or an entry cannot be removed.
    func removeFolder(
        _ name: String, isTrial: Bool, passingOver passed: String? = nil, depth: Int = 1
    ) throws(FileError) -> RemovedFiles {
        var removed = RemovedFiles()
        guard let found = status(name) else { return removed }
        guard found.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(.nameTaken, "\(path)/\(name)", "is not a folder and is not removed")
        }
        guard depth <= Self.depthLimit else {
            throw FileError(.malformed, "\(path)/\(name)", "is nested deeper than folders of a call and is not removed")
        }
        let folder = try folder(name)
        for entry in folder.names() where entry != passed {
            guard let status = folder.status(entry) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                removed += try folder.removeFolder(entry, isTrial: isTrial, depth: depth + 1)
                continue
            }
            if !isTrial, unlinkat(folder.descriptor, entry, 0) != 0, errno != ENOENT {
                throw FileError(errno: errno, "remove", "\(folder.path)/\(entry)")
            }
            removed.files += 1
            removed.bytes += Int64(status.st_size)
        }
        if !isTrial, unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            throw FileError(errno: errno, "remove", "\(path)/\(name)")
        }
        return removed
    }

    private func status(_ name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }
}
