/// Accepts upgrades that carry one of several static tokens as `Authorization: Bearer …`.
///
/// Static tokens are read from the header alone: URLs end up in the logs of proxies.
package struct BearerTokenAuthenticator: UpgradeAuthenticator {
    package let name = "bearer_token"
    private let tokens: @Sendable () -> [String]

    /// - Parameter tokens: those that are valid now; they may change while the server runs.
    package init(_ tokens: @escaping @Sendable () -> [String]) { self.tokens = tokens }

    package func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision {
        guard let token = credentials.bearerToken, !token.isEmpty else { return .absent }
        // Every token is compared, so that the time does not reveal which one came close.
        var isValid = false
        for valid in tokens() where ConstantTime.equal(token, valid) { isValid = true }
        // A token that is not one of these may be another authenticator's.
        return isValid ? .accepted(UpgradeGrant()) : .absent
    }
}
