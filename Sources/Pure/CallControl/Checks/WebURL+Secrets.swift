import SidetoneModel

extension WebURL {
    /// A URL for logs: without credentials, query and fragment, and with long components of its path replaced by `…`.
    public static func withoutSecrets(_ url: String) -> String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") else {
            return SecretPath.hidden(bare)
        }
        let start = bare.index(colon, offsetBy: 3)
        let authority = bare[start...].prefix { $0 != "/" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return "\(bare[..<start])\(host)\(SecretPath.hidden(bare[authority.endIndex...]))"
    }
}
