import Logging
import NIOCore
import NIOSSL
import SidetoneWebSocket
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A certificate that is read again when its file changes; open streams keep theirs.
final class ReloadedCertificate: Sendable {
    private struct State {
        var context: NIOSSLContext
        var modified: Int
        var checked = NIODeadline.now()
    }

    private let certificate: String
    private let key: String
    private let logger: Logger
    private let state: Mutex<State>

    init(certificate: String, key: String, logger: Logger) throws {
        self.certificate = certificate
        self.key = key
        self.logger = logger
        let context = try TLS.server(certificate: certificate, key: key)
        state = Mutex(State(context: context, modified: Self.modified(certificate)))
    }

    /// The context for the next connection. Looks at the file at most once a second.
    var context: NIOSSLContext {
        state.withLock { state in
            guard NIODeadline.now() - state.checked > .seconds(1) else { return state.context }
            state.checked = .now()
            let modified = Self.modified(certificate)
            guard modified != state.modified else { return state.context }
            do {
                state.context = try TLS.server(certificate: certificate, key: key)
                state.modified = modified
                logger.notice("Certificate reloaded")
            } catch {
                // Half-written files: the old certificate stays until both fit.
                logger.warning("New certificate not usable yet", metadata: ["error": "\(error)"])
            }
            return state.context
        }
    }

    private static func modified(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }
}
