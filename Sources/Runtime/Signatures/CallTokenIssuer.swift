/// Issues a ``CallToken`` for each stream in an answer_url document.
package struct CallTokenIssuer: Sendable {
    private let key: CallTokenKey
    private let lifetimeS: Int
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - lifetimeS: the validity of a token, in seconds.
    ///   - now: seconds on the receiver's clock.
    package init(key: CallTokenKey, lifetimeS: Int, now: @escaping @Sendable () -> Double) {
        self.key = key
        self.lifetimeS = lifetimeS
        self.now = now
    }

    /// A new token.
    ///
    /// - Parameter call: the call's ID; nil if unknown.
    package func token(forCall call: String?) -> String { key.mint(call: call, now: now(), lifetimeS: lifetimeS) }
}
