import Glibc

/// Why a file could not be written or read: what, where, and the way out.
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

    /// What the system said of a call that failed.
    ///
    /// - Parameter action: what was tried, as a verb: `create`.
    init(errno number: Int32, _ action: String, _ path: String) {
        let (code, wayOut): (Code, String) =
            switch number {
            case ENOENT, ENOTDIR: (.notFound, "check the path")
            case EACCES, EPERM:
                (.notPermitted, "give the user who runs sidetone the right, or choose another directory")
            case EROFS: (.readOnly, "choose a directory on a file system that can be written")
            case ENOSPC, EDQUOT: (.diskFull, "make room, or choose a directory on another disk")
            case EMFILE, ENFILE: (.tooManyFiles, "raise the limit: ulimit -n 65536")
            case EEXIST, ELOOP: (.nameTaken, "something else has that name: move it away")
            case EFBIG: (.tooLarge, "raise the limit of file sizes: ulimit -f unlimited")
            default: (.failed, "see the system's log")
            }
        self.init(code, path, "cannot \(action) it: \(String(cString: strerror(number))); \(wayOut)")
    }
}
