package import SidetoneCallControl
import SidetoneSignatures

/// The signing keys, one of which must match; a platform has several during key rotation.
package struct WebhookKeys: Sendable {
    private let signatures: [Platform: [WebhookSignature]]

    package init(_ keys: [Platform: [Secret]] = [:]) {
        signatures = keys.mapValues { $0.map { WebhookSignature(key: $0) } }
    }

    func has(_ platform: Platform) -> Bool { signatures[platform]?.isEmpty == false }

    /// Checks a signature against every key, in constant time.
    ///
    /// - Throws: the error for the last key, if the signature is invalid for all.
    func check(
        _ platform: Platform, _ check: (WebhookSignature) throws(SignatureError) -> Void
    ) throws(SignatureError) {
        var failure: SignatureError?
        var isValid = false
        for signature in signatures[platform] ?? [] {
            do throws(SignatureError) {
                try check(signature)
                isValid = true
            } catch { failure = error }
        }
        if let failure, !isValid { throw failure }
    }
}
