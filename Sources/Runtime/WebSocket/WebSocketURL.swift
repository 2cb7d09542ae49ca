import SidetoneModel

/// A `ws` or `wss` address.
package struct WebSocketURL: Sendable, Hashable, CustomStringConvertible {
    package var isSecure: Bool
    package var host: String
    package var port: Int
    /// Path and query, starting with a slash.
    package var target: String

    /// - Throws: `WebSocketError(.badURL)` with the problem.
    package init(_ text: String) throws(WebSocketError) {
        // RFC 3986 §2: all other characters are percent-encoded, so the address cannot break out of the request line.
        guard text.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw WebSocketError(.badURL, "the address contains a character that must be percent-encoded")
        }
        // RFC 3986 §3.1: schemes are case-insensitive.
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "wss" || scheme == "ws", text.dropFirst(scheme.count).hasPrefix("://") else {
            throw WebSocketError(.badURL, "the address does not start with wss:// or ws://")
        }
        isSecure = scheme == "wss"
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw WebSocketError(.badURL, "the address contains a user name; use a bearer token instead")
        }
        let after = rest[authority.endIndex...].prefix { $0 != "#" }
        target = after.hasPrefix("/") ? String(after) : "/" + after
        let name: Substring
        if authority.hasPrefix("[") {
            name = authority.dropFirst().prefix { $0 != "]" }
            host = String(name)
            guard authority.dropFirst(name.count + 1).hasPrefix("]") else {
                throw WebSocketError(.badURL, "the address has an opening bracket without a closing one")
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
            throw WebSocketError(.badURL, "the address has \"\(tail)\" after its host; a port starts with a colon")
        }
        let portText = tail.isEmpty ? nil : tail.dropFirst()
        guard !host.isEmpty else { throw WebSocketError(.badURL, "the address has no host") }
        if let portText {
            guard portText.allSatisfy(\.isNumber), let number = Int(portText), (1...65_535).contains(number) else {
                throw WebSocketError(
                    .badURL,
                    "the address has the port \"\(portText)\"; expected 1…65535, and brackets around an IPv6 address"
                )
            }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
    }

    /// Host and port as in the Host header.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without the query, which may contain secrets.
    package var description: String {
        "\(isSecure ? "wss" : "ws")://\(authority)\(SecretPath.hidden(target.prefix { $0 != "?" }))"
    }
}
