/// The parts of a WebSocket upgrade request that may contain credentials.
package struct UpgradeCredentials: Sendable {
    /// The requested path with its query: `/media/st1.…?tenant=a`.
    package var target: String
    /// The path component after the listener's path; nil if the request is for the path itself.
    package var pathToken: String?
    /// The header fields in order; names in lower case.
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

/// Decides whether a WebSocket upgrade has valid credentials of one kind.
///
/// A listener calls all of its authenticators: at least one must accept, and a rejection by any of them is final,
/// because a forged signature beside a valid token is a forgery. A listener without authenticators admits everyone.
/// Authenticators run on event loops: they neither block nor allocate without bound.
package protocol UpgradeAuthenticator: Sendable {
    /// The name in counters and logs, such as `bearer_token`.
    var name: String { get }

    func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision
}

/// The result of one authenticator.
package enum UpgradeDecision: Sendable {
    case accepted(UpgradeGrant)
    /// There are no credentials of this kind.
    case absent
    /// There are credentials, and they are invalid. The reason never repeats them.
    case rejected(SignatureError)
}

/// Valid credentials, and their use once the request is admitted.
package struct UpgradeGrant: Sendable {
    /// The call that the credentials were issued for; nil if they are valid for every call.
    package let call: CallToken.CallDigest?
    private let onUse: @Sendable () throws(SignatureError) -> Void

    package init(
        call: CallToken.CallDigest? = nil, onUse: @escaping @Sendable () throws(SignatureError) -> Void = {}
    ) {
        self.call = call
        self.onUse = onUse
    }

    /// Uses the credentials. Call it once, after capacity for the stream has been reserved: single-use credentials must
    /// not be consumed by a request that is answered 503.
    ///
    /// - Throws: when they have been used up in the meantime.
    package func use() throws(SignatureError) { try onUse() }
}
