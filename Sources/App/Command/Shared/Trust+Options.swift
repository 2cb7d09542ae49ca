import Foundation
package import SidetoneJSON
package import SidetoneWebSocket

extension TLS.Trust {
    /// The trust that a command's options select.
    ///
    /// - Parameters:
    ///   - ca: a PEM file with certificate authorities; nil for the system's.
    /// - insecure: accepts any certificate.
    /// - Throws: `Diagnostics` when the file cannot be read.
    package init(ca: String?, insecure: Bool) throws(Diagnostics) {
        if let ca, !FileManager.default.isReadableFile(atPath: ca) {
            throw Diagnostics(Diagnostic(file: ca, line: 1, path: "--ca", wrong: "cannot be read; expected a PEM file"))
        }
        self = insecure ? .anybody : ca.map { .file($0) } ?? .system
    }
}
