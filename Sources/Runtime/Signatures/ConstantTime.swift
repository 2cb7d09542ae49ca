import Crypto

/// Comparison of secrets in constant time.
package enum ConstantTime {
    /// Whether two secrets are equal. Both are hashed first, so that their lengths are not revealed either.
    package static func equal(_ left: String, _ right: String) -> Bool {
        let left = HMAC<SHA256>.authenticationCode(for: Array(left.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(left, authenticating: Array(right.utf8), using: key)
    }

    private static let key = SymmetricKey(size: .bits256)
}
