package import Logging
package import NIOSSL

/// A server certificate that is reloaded when its files change; open connections keep theirs.
///
///     let certificate = try ReloadedCertificate(certificate: "cert.pem", key: "key.pem", logger: logger)
///     let server = try await WebSocketServer.listen(…, tls: { certificate.context }, …)
package final class ReloadedCertificate: Sendable {
    private let files: ReloadedFiles<NIOSSLContext>

    /// - Parameters:
    ///   - certificate: a PEM file, the leaf first, then its chain.
    ///   - key: a PEM file.
    /// - Throws: `WebSocketError` when they are not usable.
    package init(certificate: String, key: String, logger: Logger) throws(WebSocketError) {
        do {
            files = try ReloadedFiles([certificate, key], name: "Certificate", logger: logger) {
                try TLS.server(certificate: certificate, key: key)
            }
        } catch {
            throw error as? WebSocketError ?? WebSocketError(.badCertificate, "\(error)")
        }
    }

    /// The context for the next connection.
    package var context: NIOSSLContext { files.value }

    /// Checks the files now.
    package func refresh() { files.refresh() }
}
