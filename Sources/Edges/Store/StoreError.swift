import GRDB

/// Why calls cannot be remembered or looked up: what, where, and the way out.
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

    /// What SQLite said, with the way out.
    ///
    /// - Parameter action: what was tried, as a verb: `write`.
    init(_ error: any Error, _ action: String, _ path: String) {
        guard let error = error as? DatabaseError else {
            self = error as? StoreError ?? StoreError(.failed, path, "cannot \(action) it: \(error)")
            return
        }
        let (code, wayOut): (Code, String) =
            switch error.resultCode {
            case .SQLITE_FULL: (.diskFull, "make room, or choose a directory on another disk")
            case .SQLITE_READONLY: (.readOnly, "give the user who runs sidetone the right to write there")
            case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
                (.notPermitted, "see to it that the directory is there and may be written")
            case .SQLITE_BUSY, .SQLITE_LOCKED: (.locked, "another program holds it; it is tried again")
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                (.damaged, "move it away, and a new one is made; sqlite3's .recover may save what it holds")
            default: (.failed, "see the system's log")
            }
        self.init(code, path, "cannot \(action) it: \(error.message ?? "\(error.resultCode)"); \(wayOut)")
    }
}
