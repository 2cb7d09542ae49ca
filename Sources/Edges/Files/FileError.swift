import Glibc

/// Why a file could not be written or read: what, where, and how to fix it.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notFound, notPermitted, readOnly, diskFull, tooManyFiles, nameTaken, tooLarge, unreadable, malformed,
            failed
    }

    package var code: Code
    package var path: String
    package var detail: String

    package init(_ code: Code, _ path: String, _ detail: String) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    /// The file's name.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    package var description: String { "\(path): \(detail) [\(code.rawValue)]" }

    /// The system's error for a failed call.
    ///
    /// - Parameter action: what was attempted, as a verb: `create`.
    init(errno number: Int32, _ action: String, _ path: String) {
        let (code, wayOut): (Code, String) =
            switch number {
            case ENOENT, ENOTDIR: (.notFound, "check the path")
            case EACCES, EPERM:
                (.notPermitted, "grant the user who runs sidetone access, or choose another directory")
            case EROFS: (.readOnly, "choose a directory on a writable file system")
            case ENOSPC, EDQUOT: (.diskFull, "free some space, or choose a directory on another disk")
            case EMFILE, ENFILE: (.tooManyFiles, "raise the limit: ulimit -n 65536")
            case EEXIST, ELOOP: (.nameTaken, "another file or folder has that name: move it away")
            case EFBIG: (.tooLarge, "raise the file size limit: ulimit -f unlimited")
            default: (.failed, "see the system log")
            }
        self.init(code, path, "cannot \(action) it: \(String(cString: strerror(number))); \(wayOut)")
    }
}
