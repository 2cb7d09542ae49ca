import Crypto

/// Comparison of secrets that takes the same time wherever they differ.
package enum ConstantTime {
    /// Whether two secrets are equal. Both are hashed first, so that not even their lengths show.
    package static func equal(_ left: String, _ right: String) -> Bool {
        let left = HMAC<SHA256>.authenticationCode(for: Array(left.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(left, authenticating: Array(right.utf8), using: key)
    }

    private static let key = SymmetricKey(size: .bits256)
}
