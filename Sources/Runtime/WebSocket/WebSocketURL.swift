import SidetoneModel

/// A `ws` or `wss` address.
package struct WebSocketURL: Sendable, Hashable, CustomStringConvertible {
    package var isSecure: Bool
    package var host: String
    package var port: Int
    /// Path and query, beginning with a slash.
    package var target: String

    /// - Throws: `WebSocketError(.badURL)` that says what is wrong with it.
    package init(_ text: String) throws(WebSocketError) {
        // RFC 3986 §2: what else is in an address is percent-encoded; so nothing ends a line of the request early.
        guard text.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw WebSocketError(.badURL, "the address holds a blank or a letter that must be percent-encoded")
        }
        // RFC 3986 §3.1: a scheme is the same in capitals.
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "wss" || scheme == "ws", text.dropFirst(scheme.count).hasPrefix("://") else {
            throw WebSocketError(.badURL, "the address does not begin with wss:// or ws://")
        }
        isSecure = scheme == "wss"
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw WebSocketError(.badURL, "the address holds a user name; give a token as a bearer token instead")
        }
        let after = rest[authority.endIndex...].prefix { $0 != "#" }
        target = after.hasPrefix("/") ? String(after) : "/" + after
        let name: Substring
        if authority.hasPrefix("[") {
            name = authority.dropFirst().prefix { $0 != "]" }
            host = String(name)
            guard authority.dropFirst(name.count + 1).hasPrefix("]") else {
                throw WebSocketError(.badURL, "the address opens a bracket and does not close it")
            }
        } else {
            name = authority.prefix { $0 != ":" }
            host = String(name)
        }
        guard name.allSatisfy({ $0 != "[" && $0 != "]" }) else {
            throw WebSocketError(.badURL, "the address has a bracket within its host")
        }
        let tail = authority.dropFirst(authority.hasPrefix("[") ? name.count + 2 : name.count)
        guard tail.isEmpty || tail.hasPrefix(":") else {
            throw WebSocketError(.badURL, "the address has \"\(tail)\" after its host; a port begins with a colon")
        }
        let portText = tail.isEmpty ? nil : tail.dropFirst()
        guard !host.isEmpty else { throw WebSocketError(.badURL, "the address names no host") }
        if let portText {
            guard portText.allSatisfy(\.isNumber), let number = Int(portText), (1...65_535).contains(number) else {
                throw WebSocketError(
                    .badURL,
                    "the address has the port \"\(portText)\"; expected 1…65535, and an IPv6 address stands in brackets"
                )
            }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
    }

    /// Host and port as the Host header has them.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without the query, which may hold what is not for logs.
    package var description: String {
        "\(isSecure ? "wss" : "ws")://\(authority)\(SecretPath.hidden(target.prefix { $0 != "?" }))"
    }
}
