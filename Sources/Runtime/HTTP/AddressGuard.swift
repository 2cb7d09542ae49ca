package import NIOCore
package import SidetoneCallControl

/// Checks addresses from documents, callers and redirects before anything connects to them.
///
/// A name is resolved once, all of its addresses are checked, and the connection uses one of those: a later change of
/// the name's addresses has no effect.
///
///     let gate = AddressGuard(allowsLoopback: true)
///     let destination = try await gate.check("wss://localhost:8443/media")
///     try await client.connect(to: WebSocketURL("wss://localhost:8443/media"), at: destination.addresses) { … }
package struct AddressGuard: Sendable {
    /// Returns every address of a name at a port.
    package typealias Resolver = @Sendable (_ host: String, _ port: Int) async throws -> [SocketAddress]

    /// Whether connections to this machine are allowed, including without TLS: for development.
    package let allowsLoopback: Bool
    /// Whether connections to private networks are allowed.
    package let allowsPrivate: Bool
    private let resolve: Resolver

    package init(
        allowsLoopback: Bool = false, allowsPrivate: Bool = false, resolver: @escaping Resolver = SystemResolver.resolve
    ) {
        self.allowsLoopback = allowsLoopback
        self.allowsPrivate = allowsPrivate
        resolve = resolver
    }

    /// A checked destination.
    package struct Destination: Sendable, Hashable {
        package let url: WebURL
        /// All addresses of the name, in the resolver's order; at least one. Only these may be connected to.
        package let addresses: [SocketAddress]
        package let port: Int
    }

    /// Checks the destination of a URL: `https` and `wss`; `http` and `ws` to this machine if that is allowed.
    ///
    /// - Throws: `WebError` with the problem and the solution; it does not repeat path or query.
    package func check(_ text: String) async throws(WebError) -> Destination {
        guard let url = WebURL(text) else {
            throw WebError(.badURL, "the address is not a URL; expected scheme://host/path, percent-encoded")
        }
        let isPlain = url.scheme == "http" || url.scheme == "ws"
        guard isPlain || url.scheme == "https" || url.scheme == "wss" else {
            throw WebError(.badURL, "the address has the scheme \(url.scheme); supported: https, wss")
        }
        guard allowsLoopback || !isPlain else {
            throw WebError(
                .refused,
                "the address uses \(url.scheme)://, which is not encrypted; serve it over TLS, or "
                    + "allow this machine for development (--allow-loopback)")
        }
        guard !url.hasCredentials else {
            throw WebError(.badURL, "the address contains a user name; send credentials in a header instead")
        }
        guard !url.hasFragment else {
            throw WebError(.badURL, "the address contains a fragment (#), which is never sent; remove it")
        }
        // Rules out differences between client and resolver: a host is an address, or consists of letters of RFC 1123.
        guard url.host.utf8.allSatisfy(Self.isHostLetter) else {
            throw WebError(.badURL, "the host of the address contains characters other than a-z, 0-9, dots and hyphens")
        }
        let port = url.port ?? (isPlain ? 80 : 443)
        let addresses: [SocketAddress]
        do { addresses = try await resolve(url.host, port) } catch let error as WebError { throw error } catch {
            throw WebError(.unresolved, "the name \(url.host) cannot be resolved (\(error)); check its spelling")
        }
        guard !addresses.isEmpty else {
            throw WebError(.unresolved, "the name \(url.host) has no address; check its spelling")
        }
        for address in addresses {
            let kind = AddressKind(address)
            guard allows(kind) else { throw refusal(url, address: address, kind: kind) }
            guard !isPlain || kind != .global else {
                throw WebError(
                    .refused,
                    "\(url.scheme)://\(url.host) is not on this machine and not encrypted; "
                        + "serve it over TLS")
            }
        }
        return Destination(url: url, addresses: addresses, port: port)
    }

    private static func isHostLetter(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private func allows(_ kind: AddressKind) -> Bool {
        switch kind {
        case .global: true
        case .loopback: allowsLoopback
        case .privateNetwork: allowsPrivate
        case .linkLocal, .metadata, .special: false
        }
    }

    private func refusal(_ url: WebURL, address: SocketAddress, kind: AddressKind) -> WebError {
        let wayOut =
            switch kind {
            case .loopback: "allow it with --allow-loopback if it is intended"
            case .privateNetwork: "allow it with --allow-private if it is intended"
            default: "such addresses are never connected to; use a public address"
            }
        let text = address.ipAddress ?? "an address"
        let name = text == url.host ? text : "\(url.host) resolves to \(text), which"
        return WebError(.refused, "\(name) is a \(kind.rawValue) address; \(wayOut)")
    }
}
