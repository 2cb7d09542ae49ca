import Glibc

/// Reads a file in pieces: headerless audio, lines.
package final class ByteReader {
    package let path: String
    private let descriptor: Int32

    /// - Throws: `FileError`: the file is missing, not readable, or a folder.
    package init(path: String) throws(FileError) {
        self.path = path
        descriptor = try Self.open(path)
    }

    deinit { close(descriptor) }

    /// Reads the next bytes.
    ///
    /// - Parameter bytes: filled from its start, up to its length.
    /// - Returns: the number read; fewer than requested only at the end, then 0.
    package func read(into bytes: inout [UInt8]) throws(FileError) -> Int {
        let limit = bytes.count
        var piece = 0
        var done = Glibc.read(descriptor, &bytes, limit)
        while done < limit, done != 0 {
            if done < 0 {
                guard errno == EINTR else { throw FileError(errno: errno, "read", path) }
                done = Glibc.read(descriptor, &bytes, limit)
                continue
            }
            var rest = [UInt8](repeating: 0, count: limit - done)
            piece = Glibc.read(descriptor, &rest, limit - done)
            guard piece > 0 else { break }
            bytes.replaceSubrange(done..<done + piece, with: rest[..<piece])
            done += piece
        }
        return done
    }

    /// Opens a file for reading.
    static func open(_ path: String) throws(FileError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno: errno, "read", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw FileError(.unreadable, path, "is a folder; name the files in it")
        }
        return descriptor
    }
}
