import SidetoneJSON

/// The parts of an absolute URL with a host, parsed strictly by RFC 3986. Characters that parsers interpret differently
/// are rejected: backslashes, spaces, control characters, non-ASCII.
public struct WebURL: Sendable, Hashable {
    /// Lower case.
    public let scheme: String
    /// Lower case, without brackets: a name or an address.
    public let host: String
    public let port: Int?
    /// Path and query, at least `/`.
    public let target: String
    public let hasCredentials: Bool
    public let hasFragment: Bool

    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        let scheme = text[..<colon].lowercased()
        guard let first = scheme.utf8.first, isASCIILetter(first),
            scheme.utf8.allSatisfy({ isASCIILetter($0) || isASCIIDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E })
        else { return nil }
        let rest = text[colon...].dropFirst()
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let at = authority.lastIndex(of: "@")
        let server = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, port) = Self.server(server) else { return nil }
        let behind = rest[authority.endIndex...]
        let target = behind.prefix { $0 != "#" }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
        hasCredentials = at != nil
        hasFragment = target.endIndex != behind.endIndex
    }

    private static func server(_ server: Substring) -> (host: Substring, port: Int?)? {
        let host: Substring
        let behind: Substring
        if server.first == "[" {
            guard let end = server.firstIndex(of: "]") else { return nil }
            host = server[..<end].dropFirst()
            behind = server[end...].dropFirst()
            guard host.utf8.allSatisfy({ $0 == 0x3A || $0 == 0x2E || Character(Unicode.Scalar($0)).isHexDigit }) else {
                return nil
            }
        } else {
            host = server.prefix { $0 != ":" }
            behind = server[host.endIndex...]
            guard !host.contains("["), !host.contains("]"), !host.contains("@") else { return nil }
        }
        guard !host.isEmpty else { return nil }
        if behind.isEmpty || behind == ":" { return (host, nil) }
        let digits = behind.dropFirst()
        guard behind.first == ":", digits.utf8.allSatisfy(isASCIIDigit), let port = Int(digits),
            (1...65_535).contains(port)
        else { return nil }
        return (host, port)
    }

    /// RFC 3986 §2: unreserved, reserved and the percent sign.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        isASCIILetter(byte) || isASCIIDigit(byte) || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }
}
