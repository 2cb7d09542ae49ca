import Synchronization

/// Admits upgrades with a ``CallToken``, each token a limited number of times.
///
/// The token is read from `Authorization: Bearer …`, or from the path component after the listener's path, for
/// platforms that cannot send headers.
package final class CallTokenAuthenticator: UpgradeAuthenticator {
    package let name = "call_token"
    private let key: CallTokenKey
    private let maxLifetimeS: Int
    private let uses: Int
    private let now: @Sendable () -> Double
    /// Used tokens, until they expire.
    private let used: Mutex<DeduplicationCache>

    /// - Parameters:
    ///   - maxLifetimeS: the maximum lifetime of a token.
    ///   - uses: the number of streams that one token admits; at least 1.
    ///   - capacity: the maximum number of uses remembered at once; at most about 120 bytes each. Further tokens are
    ///     rejected until earlier ones have expired.
    ///   - now: seconds on the issuer's clock; must not step backwards.
    package init(
        key: CallTokenKey, maxLifetimeS: Int, uses: Int = 1, capacity: Int = 100_000,
        now: @escaping @Sendable () -> Double
    ) {
        self.key = key
        self.maxLifetimeS = maxLifetimeS
        self.uses = max(1, uses)
        self.now = now
        used = Mutex(
            DeduplicationCache(
                capacity: capacity, windowS: Double(maxLifetimeS) + Double(CallTokenKey.clockToleranceS)))
    }

    package func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision {
        guard
            let text = [credentials.bearerToken, credentials.pathToken].lazy.compactMap({ $0 })
                .first(where: { CallToken.isToken($0) })
        else { return .absent }
        do throws(SignatureError) {
            let token = try key.verify(text, now: now(), maxLifetimeS: maxLifetimeS)
            return .accepted(UpgradeGrant(call: token.call) { () throws(SignatureError) in try self.use(token) })
        } catch {
            return .rejected(error)
        }
    }

    private func use(_ token: CallToken) throws(SignatureError) {
        let time = now()
        let answer = used.withLock { used in
            for number in 0..<uses {
                let answer = used.insert("\(token.nonce) \(number)", now: time)
                if answer != .repeated { return answer }
            }
            return .repeated
        }
        switch answer {
        case .fresh: return
        case .repeated: throw SignatureError(.usedUp, "the call token has already been used; each stream needs its own")
        case .full:
            throw SignatureError(.usedUp, "too many call tokens are in use; retry when earlier ones have expired")
        }
    }
}
