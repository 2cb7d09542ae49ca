import GRDB

/// Why the history cannot be written or read: what, where, and how to fix it.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notFound, notPermitted, readOnly, diskFull, locked, inUse, damaged, newer, unknownName, stillOpen, lost,
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

    package var description: String { "\(path): \(detail) [\(code.rawValue)]" }

    /// An error of SQLite, with a remedy.
    ///
    /// - Parameter action: what was attempted, as a verb: `write`.
    init(_ error: any Error, _ action: String, _ path: String) {
        guard let error = error as? DatabaseError else {
            self = error as? StoreError ?? StoreError(.failed, path, "cannot \(action) it: \(error)")
            return
        }
        let (code, wayOut): (Code, String) =
            switch error.resultCode {
            case .SQLITE_FULL: (.diskFull, "free some space, or choose a directory on another disk")
            case .SQLITE_READONLY: (.readOnly, "grant the user who runs sidetone write access")
            case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
                (.notPermitted, "make sure that the directory exists and is writable")
            case .SQLITE_BUSY, .SQLITE_LOCKED: (.locked, "another program has locked it; writing is retried")
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                (.damaged, "move it away and a new one is created; sqlite3's .recover may rescue its content")
            default: (.failed, "see the system log")
            }
        self.init(code, path, "cannot \(action) it: \(error.message ?? "\(error.resultCode)"); \(wayOut)")
    }
}
