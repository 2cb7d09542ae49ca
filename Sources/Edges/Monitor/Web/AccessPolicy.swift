import HTTPTypes
import SidetoneModel
import SidetoneSignatures

/// Decides from the head of a request whether it is allowed.
///
/// Host and Origin must be on a list, so that neither a page of another site nor a rebound DNS name can reach the server
/// through a user's browser.
struct AccessPolicy: Sendable {
    enum Verdict: Equatable {
        case allowed
        /// The host or origin is not on the list.
        case forbidden(String)
        /// No valid token.
        case unauthorized
    }

    /// The parts of a request head that identify its origin.
    struct Request {
        var path: String
        var host: String?
        var origin: String?
        var authorization: String?
        var cookie: String?
    }

    private let hosts: Set<String>
    private let extraHosts: Set<String>
    private let acceptsAddresses: Bool
    private let tokens: [String]
    let sessions: Sessions

    /// - Parameter tokens: valid tokens, one of which a request must carry; empty if none is required.
    init(_ address: ListenAddress, allowedHosts: [String], tokens: [String], sessions: Sessions) {
        var hosts: Set<String> = [address.host.lowercased()]
        let isEverywhere = address.host == "0.0.0.0" || address.host == "::"
        if address.isLoopback || isEverywhere { hosts.formUnion(["localhost", "127.0.0.1", "::1"]) }
        extraHosts = Set(allowedHosts)
        self.hosts = hosts.union(extraHosts)
        // Only names can be rebound, addresses cannot.
        acceptsAddresses = isEverywhere
        self.tokens = tokens
        self.sessions = sessions
    }

    /// Paths that need no token: probes, and the login page with its assets.
    private static func isOpen(_ path: String) -> Bool {
        path == "/healthz" || path == "/readyz" || path == "/login" || path.hasPrefix("/assets/")
    }

    func verdict(on request: Request) -> Verdict {
        // Probes connect by address and reveal nothing.
        if request.path == "/healthz" || request.path == "/readyz" { return .allowed }
        guard let host = request.host, let authority = HostAuthority(host), isKnown(authority.host) else {
            return .forbidden("the host is not allowed: use the address, or add the name to allowed_hosts")
        }
        if let origin = request.origin {
            guard let scheme = origin.firstRange(of: "://"),
                let source = HostAuthority(String(origin[scheme.upperBound...])),
                source == authority || extraHosts.contains(source.host)
            else { return .forbidden("requests from other origins are not allowed") }
        }
        guard Self.isOpen(request.path) || isAuthorized(request) else { return .unauthorized }
        return .allowed
    }

    private func isKnown(_ host: String) -> Bool {
        hosts.contains(host) || acceptsAddresses && (host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." })
    }

    private func isAuthorized(_ request: Request) -> Bool {
        guard !tokens.isEmpty else { return true }
        if let field = request.authorization, field.lowercased().hasPrefix("bearer ") {
            return isToken(String(field.dropFirst("bearer ".count)))
        }
        for pair in (request.cookie ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            if parts.count == 2, parts[0] == Sessions.cookie, sessions.isOpen(parts[1]) { return true }
        }
        return false
    }

    /// Whether a text is one of the tokens. All are compared in constant time.
    func isToken(_ text: String) -> Bool {
        var isValid = false
        for token in tokens where ConstantTime.equal(token, text) { isValid = true }
        return isValid
    }

    var asksForTokens: Bool { !tokens.isEmpty }
}
