package import SidetoneCallControl

/// Accepts upgrades that Twilio signed: `X-Twilio-Signature` over the public `wss://` URL of the receiver.
///
/// Twilio signs the URL of the document's `<Stream>`, which proxies may rewrite; the public URL is therefore a setting.
/// The same URL with and without its default port, and with and without a trailing slash, is accepted.
package struct TwilioUpgradeAuthenticator: UpgradeAuthenticator {
    package let name = "twilio_signature"
    private let origins: [String]
    /// Empty: the path of the request is used.
    private let path: String
    private let keys: @Sendable () -> [Secret]

    /// - Parameters:
    ///   - publicURL: the receiver's URL as used by the platform: `wss://host[:port]`, optionally with a path.
    ///   - keys: the account's currently valid auth tokens; they may change while the server is running.
    package init(publicURL: String, keys: @escaping @Sendable () -> [Secret]) {
        let start = publicURL.firstRange(of: "://")?.upperBound ?? publicURL.startIndex
        let authority = publicURL[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        origins = Self.origins(of: String(authority))
        path = String(publicURL[authority.endIndex...].prefix { $0 != "?" && $0 != "#" })
        self.keys = keys
    }

    package func authenticate(_ credentials: UpgradeCredentials) -> UpgradeDecision {
        let signatures = credentials.headers.filter { $0.name == "x-twilio-signature" }
        guard let signature = signatures.first?.value else { return .absent }
        let urls = urls(for: credentials.target)
        // All keys and URLs are compared, so that timing does not reveal a partial match.
        var isValid = false
        for key in keys() {
            let maker = WebhookSignature(key: key)
            for url in urls where ConstantTime.equal(signature, maker.twilio(url: url)) { isValid = true }
        }
        guard isValid, signatures.count == 1 else {
            return .rejected(
                SignatureError(
                    .mismatch,
                    "X-Twilio-Signature does not match: compare public_url with the URL of the stream, and the auth token"
                ))
        }
        return .accepted(UpgradeGrant())
    }

    /// The URLs that may have been signed.
    func urls(for target: String) -> [String] {
        let requested = target.prefix { $0 != "?" }
        let query = target[requested.endIndex...]
        let path = path.isEmpty ? String(requested) : path
        let paths = path.hasSuffix("/") ? [path, String(path.dropLast())] : [path, path + "/"]
        return origins.flatMap { origin in paths.map { origin + $0 + query } }
    }

    private static func origins(of authority: String) -> [String] {
        if authority.hasSuffix(":443") { return ["wss://" + authority, "wss://" + authority.dropLast(4)] }
        // After the bracket of an IPv6 address.
        let tail = authority.drop { $0 != "]" }
        let hasPort = (tail.isEmpty ? authority[...] : tail).contains(":")
        return hasPort ? ["wss://" + authority] : ["wss://" + authority, "wss://" + authority + ":443"]
    }
}
