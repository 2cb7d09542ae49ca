public import Logging
public import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A server's certificate that is read again when its files change; open connections keep theirs.
///
///     let certificate = try ReloadedCertificate(certificate: "cert.pem", key: "key.pem", logger: logger)
///     let server = try await WebSocketServer.listen(…, tls: { certificate.context }, …)
public final class ReloadedCertificate: Sendable {
    /// What both files were when they were looked at.
    private struct Files: Hashable {
        struct Mark: Hashable {
            var file: UInt
            var modified: Int
            var size: Int
        }
        var certificate: Mark
        var key: Mark
    }

    private struct State {
        var context: NIOSSLContext
        /// Those that the context was made of.
        var used: Files
        /// Those that were told to be unusable.
        var told: Files?
    }

    private let certificate: String
    private let key: String
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - certificate: a PEM file, the leaf first, then its chain.
    ///   - key: a PEM file.
    /// - Throws: `WebSocketError` when they cannot be used now.
    public init(certificate: String, key: String, logger: Logger) throws(WebSocketError) {
        self.certificate = certificate
        self.key = key
        self.logger = logger
        // Looked at before they are read: what changes in between is seen at the next connection.
        let files = Self.look(certificate, key)
        state = Mutex(State(context: try TLS.server(certificate: certificate, key: key), used: files))
    }

    /// The context for the next connection. Looks at the files, which costs little beside a handshake.
    public var context: NIOSSLContext {
        state.withLock { state in
            let files = Self.look(certificate, key)
            guard files != state.used else { return state.context }
            do {
                state.context = try TLS.server(certificate: certificate, key: key)
                state.used = files
                logger.notice("Certificate reloaded")
            } catch {
                // One of two files, or half of one: the old certificate stays until both fit.
                if state.told != files {
                    logger.warning("New certificate not usable yet", metadata: ["error": "\(error)"])
                }
                state.told = files
            }
            return state.context
        }
    }

    private static func look(_ certificate: String, _ key: String) -> Files {
        func mark(_ path: String) -> Files.Mark {
            var status = stat()
            guard stat(path, &status) == 0 else { return Files.Mark(file: 0, modified: 0, size: 0) }
            return Files.Mark(
                file: UInt(status.st_ino), modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec,
                size: Int(status.st_size))
        }
        return Files(certificate: mark(certificate), key: mark(key))
    }
}
