/// The parts of a WebSocket upgrade request that credentials can be in.
package struct UpgradeCredentials: Sendable {
    /// The path as the client requested it, with the query: `/media/st1.…?tenant=a`.
    package var target: String
    /// The path component that follows the listener's path; nil where the request is for the path itself.
    package var pathToken: String?
    /// Values of the header fields in their order; names in lower case.
    package var headers: [(name: String, value: String)]

    package init(target: String, pathToken: String? = nil, headers: [(name: String, value: String)] = []) {
        self.target = target
        self.pathToken = pathToken
        self.headers = headers.map { (name: $0.name.lowercased(), value: $0.value) }
    }

    /// The first value of a header field.
    ///
    /// - Parameter name: in lower case.
    package subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The token of `Authorization: Bearer …`.
    package var bearerToken: String? {
        guard let field = self[header: "authorization"], field.prefix(7).lowercased() == "bearer " else { return nil }
        return String(field.dropFirst(7))
    }
}

/// Decides whether a WebSocket upgrade carries valid credentials of one kind.
///
/// A listener asks all of its authenticators: one must accept, and what any of them rejects is refused, whatever the others
/// find: a forged signature beside a valid token is a forgery. A listener without authenticators admits everyone.
/// Authenticators run on event loops: they neither block nor allocate without bound.
package protocol UpgradeAuthenticator: Sendable {
    /// In counters and logs, such as `bearer_token`.
    var name: String { get }

    func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision
}

/// What one authenticator found.
package enum UpgradeDecision: Sendable {
    case accepted(UpgradeGrant)
    /// There are no credentials of this kind.
    case absent
    /// There are, and they are not valid. The reason never repeats them.
    case rejected(SignatureError)
}

/// Valid credentials, and what becomes of them once the request is admitted.
package struct UpgradeGrant: Sendable {
    /// The call that the credentials were issued for; nil where they hold for every call.
    package let call: CallToken.CallDigest?
    private let onUse: @Sendable () throws(SignatureError) -> Void

    package init(
        call: CallToken.CallDigest? = nil, onUse: @escaping @Sendable () throws(SignatureError) -> Void = {}
    ) {
        self.call = call
        self.onUse = onUse
    }

    /// Uses the credentials. To be called once, after the listener has room for the stream: credentials that can be used
    /// once must not be used up by a request that is answered 503.
    ///
    /// - Throws: when they were used up meanwhile.
    package func use() throws(SignatureError) { try onUse() }
}
