import Glibc

/// An open folder. Its entries are named by one path component and opened relative to it, so that nothing outside can be
/// reached, not even through a symbolic link created in the meantime.
final class Folder: Sendable {
    let descriptor: Int32
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens a folder by a path that the user chose.
    ///
    /// - Parameter makes: whether missing components of the path are created.
    static func at(_ path: String, makes: Bool) throws(FileError) -> Folder {
        if makes {
            var made = path.hasPrefix("/") ? "/" : ""
            for part in path.split(separator: "/") {
                made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
                if mkdir(made, 0o750) != 0, errno != EEXIST, errno != EISDIR {
                    throw FileError(errno: errno, "create", made)
                }
            }
        }
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno: errno, "open", path) }
        return Folder(descriptor: descriptor, path: path)
    }

    /// Opens a subfolder.
    func folder(_ name: String) throws(FileError) -> Folder {
        let below = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard below >= 0 else { throw FileError(errno: errno, "open", "\(path)/\(name)") }
        return Folder(descriptor: below, path: "\(path)/\(name)")
    }

    /// Creates a subfolder.
    ///
    /// - Returns: false if the name exists.
    func makeFolder(_ name: String) throws(FileError) -> Bool {
        if mkdirat(descriptor, name, 0o750) == 0 { return true }
        guard errno == EEXIST else { throw FileError(errno: errno, "create", "\(path)/\(name)") }
        return false
    }

    /// Creates a new file for reading and writing.
    func makeFile(_ name: String) throws(FileError) -> Int32 {
        let file = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw FileError(errno: errno, "create", "\(path)/\(name)") }
        return file
    }

    /// Opens an existing file; nil if there is none or it is not a regular file.
    func existingFile(_ name: String) -> Int32? {
        let file = openat(descriptor, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        return file >= 0 ? file : nil
    }

    /// Opens a regular file for reading; nil if there is none.
    func plainFile(_ name: String) -> Int32? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            return nil
        }
        return file
    }

    /// Opens a file for appending and creates it if necessary.
    func appendedFile(_ name: String) throws(FileError) -> Int32 {
        let flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let file = openat(descriptor, name, flags, 0o640)
        guard file >= 0 else { throw FileError(errno: errno, "append to", "\(path)/\(name)") }
        return file
    }

    /// When a regular file was last written, in nanoseconds since 1970; nil if there is none.
    func modified(_ name: String) -> Int? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    /// The identity of the file with a name; nil if there is none.
    func identity(_ name: String) -> FileIdentity? {
        var status = stat()
        return fstatat(descriptor, name, &status, 0) == 0 ? FileIdentity(status) : nil
    }

    /// Removes a file, if it exists.
    @discardableResult
    func remove(_ name: String) -> Bool { unlinkat(descriptor, name, 0) == 0 }

    func rename(_ name: String, to other: String) throws(FileError) {
        guard renameat(descriptor, name, descriptor, other) == 0 else {
            throw FileError(errno: errno, "rename to \(other)", "\(path)/\(name)")
        }
    }

    /// The names of the entries, sorted.
    func names() -> [String] {
        // fdopendir takes ownership of its descriptor.
        let listing = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listing >= 0 else { return [] }
        guard let stream = fdopendir(listing) else {
            close(listing)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
