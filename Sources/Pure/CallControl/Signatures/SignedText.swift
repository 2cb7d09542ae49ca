/// What each platform's signature covers, byte for byte. The keyed hash itself is made elsewhere.
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

    private static func withoutCredentials(_ url: String) -> String {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return url }
        let start = url.index(colon, offsetBy: 3)
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return url }
        return String(url[..<start] + url[url.index(after: at)...])
    }
}
