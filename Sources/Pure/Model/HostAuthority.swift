/// The host and port of a URL or of a `Host` header, in lower case.
///
///     HostAuthority("Example.org:8080")   // example.org, 8080
///     HostAuthority("127.0.0.1@evil")     // nil
///
/// RFC 3986 §3.2.2 and §3.2.3, without user information, percent-encoding and the sub-delimiters, which do not occur in
/// host names: anything that two parsers could read differently is rejected.
public struct HostAuthority: Sendable, Hashable {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    public let host: String
    /// nil where no port is given or nothing follows the colon.
    public let port: Int?

    /// - Returns: nil when the text is not `host` or `host:port`.
    public init?(_ text: String) {
        let text = text.lowercased()
        let tail: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let address = text[text.index(after: text.startIndex)..<end]
            guard address.contains(":"), address.utf8.allSatisfy({ Self.isHex($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return nil
            }
            host = String(address)
            tail = text[text.index(after: end)...]
        } else {
            let name = text.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.allSatisfy({ Self.isOfName($0) }) else { return nil }
            host = String(name)
            tail = text[name.endIndex...]
        }
        guard !tail.isEmpty else {
            port = nil
            return
        }
        guard tail.hasPrefix(":") else { return nil }
        let digits = tail.dropFirst()
        guard !digits.isEmpty else {
            port = nil
            return
        }
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            number <= 65_535
        else { return nil }
        port = number
    }

    private static func isHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
}
