/// The exact bytes that each platform's signature covers. The keyed hash is computed elsewhere.
public enum SignedText {
    /// MiniVoice: the value of `X-MiniVoice-Timestamp`, a full stop, the body as received. HMAC-SHA256, hex, after `v1=`.
    public static func miniVoice(timestamp: String, body: [UInt8]) -> [UInt8] {
        Array(timestamp.utf8) + [UInt8(ascii: ".")] + body
    }

    /// SignalWire: the configured URL with its query and without credentials, then the body as received. HMAC-SHA1 or
    /// HMAC-SHA256, hex.
    public static func signalWire(url: String, body: [UInt8]) -> [UInt8] {
        Array(withoutCredentials(url).utf8) + body
    }

    /// Twilio: the full URL, then every form field as name and value, sorted by name as bytes; fields of one name by
    /// value, each value once. HMAC-SHA1, base64. A socket is signed by its `wss://` URL and no field.
    public static func twilio(url: String, fields: [Form.Field] = []) -> [UInt8] {
        let sorted = Set(fields).sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        return Array(url.utf8) + sorted.flatMap { Array($0.name.utf8) + Array($0.value.utf8) }
    }

    /// The forms of a URL that Twilio may have signed: with and without its port. Twilio's libraries accept both, because
    /// its own use of the port is not consistent.
    ///
    /// - Returns: the URL as given first.
    public static func twilioVariants(ofURL url: String) -> [String] {
        guard let range = authority(of: url) else { return [url] }
        let (before, after) = (url[..<range.lowerBound], url[range.upperBound...])
        let authority = url[range]
        let host =
            authority.lastIndex(of: "]").map { authority[authority.index(after: $0)...] }
            ?? (authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
        if let colon = host.lastIndex(of: ":") { return [url, "\(before)\(authority[..<colon])\(after)"] }
        let ports =
            switch url.prefix(while: { $0 != ":" }).lowercased() {
            case "https": ["443"]
            case "wss": ["443", "80"]
            default: ["80"]
            }
        return [url] + ports.map { "\(before)\(authority):\($0)\(after)" }
    }

    /// The part of a URL between `://` and its path, query or fragment.
    private static func authority(of url: String) -> Range<String.Index>? {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        let start = url.index(colon, offsetBy: 3)
        return start..<url[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.endIndex
    }

    private static func withoutCredentials(_ url: String) -> String {
        guard let range = authority(of: url), let at = url[range].lastIndex(of: "@") else { return url }
        return String(url[..<range.lowerBound] + url[url.index(after: at)...])
    }
}
