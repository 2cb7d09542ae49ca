import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A bearer token that admits the stream of one call, for a short time.
///
///     st1.<expiry>.<nonce>.<call>.<code>
///
/// `expiry` is in whole seconds of a clock that both sides share, `nonce` is random, `call` identifies the call without
/// revealing its ID, and `code` is the HMAC-SHA256 of everything before it. All parts consist of letters, digits, `-`
/// and `_`, so a token can be used in a header field and in the path of a URL.
package struct CallToken: Sendable, Hashable {
    static let version = "st1"

    /// The call that a token was issued for: the first 16 bytes of the SHA-256 of its ID.
    package struct CallDigest: Sendable, Hashable {
        let text: String

        package init(call: String) {
            text = CallToken.base64URL(SHA256.hash(data: Array(call.utf8)).prefix(16))
        }

        init(text: String) { self.text = text }

        /// Whether the token was issued for a call.
        package func matches(call: String) -> Bool { self == CallDigest(call: call) }
    }

    /// Seconds on the clock of ``CallTokenKey/mint(call:now:lifetimeS:)``.
    package var expiresAt: Int64
    /// Unique for each token.
    package var nonce: String
    /// nil for a token that was issued for any call.
    package var call: CallDigest?

    /// The text covered by the code.
    var signedText: String { "\(Self.version).\(expiresAt).\(nonce).\(call?.text ?? "-")" }

    /// Whether a text has the form of a call token, as opposed to other tokens.
    package static func isToken(_ text: String) -> Bool { text.hasPrefix(version + ".") }

    /// Parses a token without verifying it.
    static func parse(_ text: String) -> (token: CallToken, code: String)? {
        guard text.utf8.count <= 256 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == version, let expiry = Int64(parts[1]), "\(expiry)" == parts[1],
            parts[2].utf8.count == 22, parts[4].utf8.count == 43, parts[3] == "-" || parts[3].utf8.count == 22
        else { return nil }
        let call = parts[3] == "-" ? nil : CallDigest(text: parts[3])
        return (CallToken(expiresAt: expiry, nonce: parts[2], call: call), parts[4])
    }

    /// RFC 4648 §5, without padding.
    static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
