/// Accepts upgrades with one of several static tokens in `Authorization: Bearer …`.
///
/// Static tokens are accepted in the header only: URLs are written to the logs of proxies.
package struct BearerTokenAuthenticator: UpgradeAuthenticator {
    package let name = "bearer_token"
    private let tokens: @Sendable () -> [String]

    /// - Parameter tokens: the currently valid tokens; they may change while the server is running.
    package init(_ tokens: @escaping @Sendable () -> [String]) { self.tokens = tokens }

    package func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision {
        guard let token = credentials.bearerToken, !token.isEmpty else { return .absent }
        // All tokens are compared, so that timing does not reveal a partial match.
        var isValid = false
        for valid in tokens() where ConstantTime.equal(token, valid) { isValid = true }
        // A token that is not one of these may belong to another authenticator.
        return isValid ? .accepted(UpgradeGrant()) : .absent
    }
}
