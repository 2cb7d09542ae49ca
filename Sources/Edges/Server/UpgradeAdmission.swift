import NIOHTTP1
import SidetoneModel
import SidetonePipeline
import SidetoneSignatures
import SidetoneWebSocket

/// Decides from the head of an upgrade request whether a stream is admitted. No state is kept for a connection before that.
struct UpgradeAdmission: Sendable {
    /// The grant of an admitted stream.
    struct Admitted {
        let slot: StreamSlot
        /// The only call that the credentials are valid for; nil for any.
        let call: CallToken.CallDigest?
    }

    private let path: String
    /// Empty: any well-formed host.
    private let allowedHosts: Set<String>
    private let allowedOrigins: Set<String>
    private let trustedProxies: [AddressRange]
    private let authenticators: [any UpgradeAuthenticator]
    private let status: ServerStatus

    init(_ settings: WebSocketSourceSettings, authenticators: [any UpgradeAuthenticator], status: ServerStatus) {
        path = settings.path
        allowedHosts = Set(settings.allowedHosts.compactMap { HostAuthority($0)?.host })
        allowedOrigins = Set(settings.allowedOrigins)
        trustedProxies = settings.proxies
        self.authenticators = authenticators
        self.status = status
    }

    func decide(on request: WebSocketServer.Request) -> Result<Admitted, UpgradeRejection> {
        let pathToken = pathToken(of: request.path)
        guard request.path == path || pathToken != nil else {
            status.count(\.notFound)
            return refuse(.notFound, headers: [:], body: "There is no stream receiver at this path.")
        }
        guard isAllowed(host: request.headers.first(name: "Host")) else {
            status.count(\.forbidden)
            return refuse(
                .forbidden, headers: [:], body: "allowed_hosts does not list this Host.")
        }
        for origin in request.headers["Origin"] where !allowedOrigins.contains(origin.lowercased()) {
            status.count(\.forbidden)
            return refuse(
                .forbidden, headers: [:], body: "Web pages may not open streams; allowed_origins lists those that may.")
        }
        let grant: UpgradeGrant
        switch authenticate(request, pathToken: pathToken) {
        case .success(let accepted): grant = accepted
        case .failure(let rejection):
            status.count(\.unauthorized)
            return .failure(rejection)
        }
        switch status.admit(client(of: request)) {
        case .admitted(let slot):
            do throws(SignatureError) { try grant.use() } catch {
                slot.release()
                status.count(\.unauthorized)
                return refuse(.unauthorized, headers: ["WWW-Authenticate": "Bearer"], body: "\(error.detail).")
            }
            status.count(\.streamsStarted)
            return .success(Admitted(slot: slot, call: grant.call))
        case .addressFull:
            return refuse(
                .serviceUnavailable, headers: ["Retry-After": "5"], body: "Stream limit of this address reached.")
        case .full: return refuse(.serviceUnavailable, headers: ["Retry-After": "5"], body: "Stream limit reached.")
        case .draining:
            return refuse(.serviceUnavailable, headers: ["Retry-After": "30"], body: "The server is shutting down.")
        }
    }

    /// A page that reaches this machine under a name of its own (DNS rebinding) sends that name as Host.
    private func isAllowed(host: String?) -> Bool {
        guard !allowedHosts.isEmpty else { return true }
        return host.flatMap { HostAuthority($0) }.map { allowedHosts.contains($0.host) } ?? false
    }

    private func refuse<Value>(
        _ code: HTTPResponseStatus, headers: HTTPHeaders, body: String
    ) -> Result<Value, UpgradeRejection> {
        .failure(UpgradeRejection(status: code, headers: headers, body: body + "\n"))
    }

    /// The path component that follows the receiver's path.
    private func pathToken(of requested: String) -> String? {
        let base = path.hasSuffix("/") ? path : path + "/"
        guard requested.hasPrefix(base) else { return nil }
        let token = String(requested.dropFirst(base.count))
        return token.contains("/") || !CallToken.isToken(token) ? nil : token
    }

    /// All authenticators are asked: one must accept, and none may reject.
    private func authenticate(
        _ request: WebSocketServer.Request, pathToken: String?
    ) -> Result<UpgradeGrant, UpgradeRejection> {
        guard !authenticators.isEmpty else { return .success(UpgradeGrant()) }
        let credentials = UpgradeCredentials(
            target: request.target, pathToken: pathToken,
            headers: request.headers.map { (name: $0.name, value: $0.value) })
        var grant: UpgradeGrant?
        var rejection: SignatureError?
        for authenticator in authenticators {
            switch authenticator.authenticate(credentials) {
            // A credential for a single call is more specific than one for all calls.
            case .accepted(let accepted): if grant?.call == nil { grant = accepted }
            case .absent: break
            case .rejected(let error): rejection = rejection ?? error
            }
        }
        if let grant, rejection == nil { return .success(grant) }
        return refuse(
            .unauthorized, headers: ["WWW-Authenticate": "Bearer"],
            body: rejection.map { "\($0.detail)." } ?? "The upgrade must carry a valid token or signature.")
    }

    /// The address a stream counts for: the peer, or the client named by a trusted proxy.
    private func client(of request: WebSocketServer.Request) -> ClientAddress {
        func isProxy(_ address: String) -> Bool { trustedProxies.contains { $0.contains(address) } }
        guard isProxy(request.address) else { return ClientAddress(request.address) }
        // Each proxy appends its peer: the last entry that is not a trusted proxy is the client; earlier entries may be
        // forged.
        let hops = request.headers["X-Forwarded-For"].flatMap { $0.split(separator: ",") }.map(Self.address)
        return ClientAddress(hops.last { !isProxy($0) } ?? request.address)
    }

    /// Without blanks, brackets and port.
    private static func address(_ hop: Substring) -> String {
        let text = hop.filter { $0 != " " && $0 != "\t" }
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return text.count { $0 == ":" } == 1 ? String(text.prefix { $0 != ":" }) : text
    }
}
