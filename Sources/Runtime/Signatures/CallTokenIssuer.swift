/// Issues a ``CallToken`` for each stream that an answer_url document starts.
package struct CallTokenIssuer: Sendable {
    private let key: CallTokenKey
    private let lifetimeS: Int
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - lifetimeS: how long a token can be used, in seconds.
    ///   - now: seconds on the clock of the receiver.
    package init(key: CallTokenKey, lifetimeS: Int, now: @escaping @Sendable () -> Double) {
        self.key = key
        self.lifetimeS = lifetimeS
        self.now = now
    }

    /// A new token.
    ///
    /// - Parameter call: the call's id; nil where it is not known.
    package func token(forCall call: String?) -> String { key.mint(call: call, now: now(), lifetimeS: lifetimeS) }
}
