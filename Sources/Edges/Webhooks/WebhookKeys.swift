package import SidetoneCallControl
import SidetoneSignatures

/// The keys of which one must have signed; several of a platform while one replaces another.
package struct WebhookKeys: Sendable {
    private let signatures: [Platform: [WebhookSignature]]

    package init(_ keys: [Platform: [Secret]] = [:]) {
        signatures = keys.mapValues { $0.map { WebhookSignature(key: $0) } }
    }

    func has(_ platform: Platform) -> Bool { signatures[platform]?.isEmpty == false }

    /// Checks a signature with every key, so that the time does not tell which one came close.
    ///
    /// - Throws: what is wrong under the last key, when it is wrong under all.
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
