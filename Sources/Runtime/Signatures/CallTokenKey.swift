import Crypto
package import SidetoneCallControl

/// Issues and verifies ``CallToken``s.
///
///     let key = CallTokenKey()                                   // random: issuer and receiver are one process
///     let token = key.mint(call: "call-1", now: 0, lifetimeS: 300)
///     try key.verify(token, now: 20, maxLifetimeS: 300).call?.matches(call: "call-1")  // true
///
/// Time is seconds on any clock that issuer and receiver share.
package struct CallTokenKey: Sendable {
    /// The tolerated difference between the clocks of issuer and receiver, in seconds.
    package static let clockToleranceS: Int64 = 60
    /// The minimum key length in bytes: 128 bits in hexadecimal.
    package static let minKeyBytes = 32

    private let keys: [SymmetricKey]

    /// A random key, for an issuer and a receiver in one process.
    package init() { keys = [SymmetricKey(size: .bits256)] }

    /// - Parameter secrets: the first is used to sign, all are used to verify; at least one.
    package init(_ secrets: [Secret]) {
        precondition(!secrets.isEmpty, "a key needs at least one secret")
        // The secret may also be used elsewhere; codes of the derived key are not valid there.
        keys = secrets.map { secret in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: Array(secret.value.utf8)),
                info: Array("sidetone call token".utf8), outputByteCount: 32)
        }
    }

    /// Issues a token.
    ///
    /// - Parameters:
    ///   - call: the call's ID; nil if unknown.
    ///   - now: seconds.
    package func mint(call: String?, now: Double, lifetimeS: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return mint(call: call, now: now, lifetimeS: lifetimeS, nonce: nonce)
    }

    func mint(call: String?, now: Double, lifetimeS: Int, nonce: [UInt8]) -> String {
        let token = CallToken(
            expiresAt: Int64(now) + Int64(lifetimeS), nonce: CallToken.base64URL(nonce),
            call: call.map { CallToken.CallDigest(call: $0) })
        let code = HMAC<SHA256>.authenticationCode(for: Array(token.signedText.utf8), using: keys[0])
        return "\(token.signedText).\(CallToken.base64URL(code))"
    }

    /// Verifies a token. All keys are tried, so that timing does not depend on the matching one.
    ///
    /// - Parameters:
    ///   - now: seconds.
    ///   - maxLifetimeS: tokens that expire later than this were not issued for this receiver.
    /// - Throws: when it is not a token, was not signed with one of the keys, or is not valid at this time.
    package func verify(_ text: String, now: Double, maxLifetimeS: Int) throws(SignatureError) -> CallToken {
        guard let (token, code) = CallToken.parse(text) else {
            throw SignatureError(.malformed, "the call token does not have the form that Sidetone issues")
        }
        var isValid = false
        for key in keys {
            let right = HMAC<SHA256>.authenticationCode(for: Array(token.signedText.utf8), using: key)
            if ConstantTime.equal(CallToken.base64URL(right), code) { isValid = true }
        }
        guard isValid else {
            throw SignatureError(.mismatch, "the call token was signed with another key or has been altered")
        }
        guard Double(token.expiresAt) > now else { throw SignatureError(.outsideWindow, "the call token has expired") }
        guard Double(token.expiresAt) <= now + Double(maxLifetimeS) + Double(Self.clockToleranceS) else {
            throw SignatureError(
                .outsideWindow,
                "the call token expires later than any issued with this lifetime: compare call_token_lifetime_s and the clocks"
            )
        }
        return token
    }
}
