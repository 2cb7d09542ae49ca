package import SidetoneCallControl
import SidetonePlatforms
import SidetoneSignatures

/// The signing keys, one of which must match; a platform has several during key rotation.
package struct WebhookKeys: Sendable {
    /// By name of the platform.
    private let signatures: [String: [WebhookSignature]]

    package init(_ keys: [String: [Secret]] = [:]) {
        signatures = keys.mapValues { $0.map { WebhookSignature(key: $0) } }
    }

    func has(_ platform: any Platform.Type) -> Bool { signatures[platform.name]?.isEmpty == false }

    /// Checks a signature against every key, in constant time.
    ///
    /// - Throws: the error for the last key, if the signature is invalid for all.
    func check(
        _ platform: any Platform.Type, _ check: (WebhookSignature) throws(SignatureError) -> Void
    ) throws(SignatureError) {
        var failure: SignatureError?
        var isValid = false
        for signature in signatures[platform.name] ?? [] {
            do throws(SignatureError) {
                try check(signature)
                isValid = true
            } catch { failure = error }
        }
        if let failure, !isValid { throw failure }
    }
}
