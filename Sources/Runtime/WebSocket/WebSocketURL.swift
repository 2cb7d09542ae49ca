/// A `ws` or `wss` address.
public struct WebSocketURL: Sendable, Hashable, CustomStringConvertible {
    public var isSecure: Bool
    public var host: String
    public var port: Int
    /// Path and query, beginning with a slash.
    public var target: String

    /// - Throws: `WebSocketError(.badURL)` that says what is wrong with it.
    public init(_ text: String) throws(WebSocketError) {
        let rest: Substring
        if text.hasPrefix("wss://") {
            isSecure = true
            rest = text.dropFirst(6)
        } else if text.hasPrefix("ws://") {
            isSecure = false
            rest = text.dropFirst(5)
        } else {
            throw WebSocketError(.badURL, "\"\(text)\" does not begin with wss:// or ws://")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw WebSocketError(.badURL, "the address holds a user name; give a token as a bearer token instead")
        }
        let after = rest[authority.endIndex...].prefix { $0 != "#" }
        target = after.hasPrefix("/") ? String(after) : "/" + after
        var portText: Substring?
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let tail = authority[authority.index(after: end)...]
            portText = tail.hasPrefix(":") ? tail.dropFirst() : nil
        } else if let colon = authority.lastIndex(of: ":") {
            host = String(authority[..<colon])
            portText = authority[authority.index(after: colon)...]
        } else {
            host = String(authority)
        }
        guard !host.isEmpty else { throw WebSocketError(.badURL, "\"\(text)\" names no host") }
        if let portText {
            guard let number = Int(portText), (1...65_535).contains(number) else {
                throw WebSocketError(.badURL, "\"\(text)\" has the port \"\(portText)\"; allowed is 1…65535")
            }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
    }

    /// Host and port as the Host header has them.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without the query, which may hold what is not for logs.
    public var description: String { "\(isSecure ? "wss" : "ws")://\(authority)\(target.prefix { $0 != "?" })" }
}
