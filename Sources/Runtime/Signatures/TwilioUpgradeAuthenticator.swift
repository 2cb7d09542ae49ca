package import SidetoneCallControl

/// Accepts upgrades that Twilio signed: `X-Twilio-Signature` over the public `wss://` URL of the receiver.
///
/// Twilio signs the URL as the document's `<Stream>` names it, which proxies may rewrite on the way; so the public URL is
/// configured. The same URL with and without its default port, and with and without a slash at its end, is accepted.
package struct TwilioUpgradeAuthenticator: UpgradeAuthenticator {
    package let name = "twilio_signature"
    private let origins: [String]
    /// Empty: the path of the request counts.
    private let path: String
    private let keys: @Sendable () -> [Secret]

    /// - Parameters:
    ///   - publicURL: how the platform reaches the receiver: `wss://host[:port]`, then optionally the path.
    ///   - keys: the account's auth tokens that are valid now; they may change while the server runs.
    package init(publicURL: String, keys: @escaping @Sendable () -> [Secret]) {
        let start = publicURL.firstRange(of: "://")?.upperBound ?? publicURL.startIndex
        let authority = publicURL[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        origins = Self.origins(of: String(authority))
        path = String(publicURL[authority.endIndex...].prefix { $0 != "?" && $0 != "#" })
        self.keys = keys
    }

    package func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision {
        let given = credentials.headers.filter { $0.name == "x-twilio-signature" }
        guard let signature = given.first?.value else { return .absent }
        let urls = urls(for: credentials.target)
        // Every key and URL is compared, so that the time does not reveal which one came close.
        var isValid = false
        for key in keys() {
            let maker = WebhookSignature(key: key)
            for url in urls where ConstantTime.equal(signature, maker.twilio(url: url)) { isValid = true }
        }
        guard isValid, given.count == 1 else {
            return .rejected(
                SignatureError(
                    .mismatch,
                    "X-Twilio-Signature does not match: compare public_url with the URL of the stream, and the auth token"
                ))
        }
        return .accepted(UpgradeGrant())
    }

    /// The URLs of which one may have been signed.
    func urls(for target: String) -> [String] {
        let requested = target.prefix { $0 != "?" }
        let query = target[requested.endIndex...]
        let path = path.isEmpty ? String(requested) : path
        let paths = path.hasSuffix("/") ? [path, String(path.dropLast())] : [path, path + "/"]
        return origins.flatMap { origin in paths.map { origin + $0 + query } }
    }

    private static func origins(of authority: String) -> [String] {
        if authority.hasSuffix(":443") { return ["wss://" + authority, "wss://" + authority.dropLast(4)] }
        // Behind the bracket of an IPv6 address.
        let tail = authority.drop { $0 != "]" }
        let hasPort = (tail.isEmpty ? authority[...] : tail).contains(":")
        return hasPort ? ["wss://" + authority] : ["wss://" + authority, "wss://" + authority + ":443"]
    }
}
