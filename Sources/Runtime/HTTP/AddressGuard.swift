package import NIOCore
package import SidetoneCallControl

/// Checks addresses that documents, callers and redirects name, before anything connects there.
///
/// A name is resolved once, every address it has is checked, and the connection goes to one of those: a name that leads
/// elsewhere the next time leads nowhere new.
///
///     let gate = AddressGuard(allowsLoopback: true)
///     let destination = try await gate.check("wss://localhost:8443/media")
///     try await client.connect(to: WebSocketURL("wss://localhost:8443/media"), at: destination.addresses) { … }
package struct AddressGuard: Sendable {
    /// Gives every address of a name at a port.
    package typealias Resolver = @Sendable (_ host: String, _ port: Int) async throws -> [SocketAddress]

    /// Whether this machine may be connected to, and also without TLS: for development.
    package let allowsLoopback: Bool
    /// Whether private networks may be connected to.
    package let allowsPrivate: Bool
    private let resolve: Resolver

    package init(
        allowsLoopback: Bool = false, allowsPrivate: Bool = false, resolver: @escaping Resolver = SystemResolver.resolve
    ) {
        self.allowsLoopback = allowsLoopback
        self.allowsPrivate = allowsPrivate
        resolve = resolver
    }

    /// A place that may be connected to.
    package struct Destination: Sendable, Hashable {
        package let url: WebURL
        /// All that the name has, in the resolver's order; at least one. Nothing else may be connected to.
        package let addresses: [SocketAddress]
        package let port: Int
    }

    /// Checks where a URL leads: `https` and `wss`, `http` and `ws` to this machine where that is allowed.
    ///
    /// - Throws: `WebError` that says what is wrong and what would be right; it does not repeat path or query.
    package func check(_ text: String) async throws(WebError) -> Destination {
        guard let url = WebURL(text) else {
            throw WebError(.badURL, "the address is no URL; write scheme://host/path, other letters percent-encoded")
        }
        let isPlain = url.scheme == "http" || url.scheme == "ws"
        guard isPlain || url.scheme == "https" || url.scheme == "wss" else {
            throw WebError(.badURL, "the address has the scheme \(url.scheme); allowed are https and wss")
        }
        guard allowsLoopback || !isPlain else {
            throw WebError(
                .refused,
                "the address begins with \(url.scheme)://, which anybody on the way can read; serve it over TLS, or "
                    + "allow this machine for development (--allow-loopback)")
        }
        guard !url.hasCredentials else {
            throw WebError(.badURL, "the address holds a user name; send credentials in a header instead")
        }
        guard !url.hasFragment else {
            throw WebError(.badURL, "the address holds a fragment (#), which is never sent; leave it out")
        }
        // What a client might read in another way than the resolver does: a host is an address, or letters of RFC 1123.
        guard url.host.utf8.allSatisfy(Self.isHostLetter) else {
            throw WebError(.badURL, "the host of the address holds other letters than a-z, 0-9, dots and hyphens")
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
                    "\(url.scheme)://\(url.host) leads out of this machine, where anybody on the way can read it; "
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
            case .loopback: "allow it with --allow-loopback if it is meant"
            case .privateNetwork: "allow it with --allow-private if it is meant"
            default: "it is never connected to; use a public address"
            }
        let place = address.ipAddress ?? "an address"
        let name = place == url.host ? place : "\(url.host) leads to \(place), which"
        return WebError(.refused, "\(name) is a \(kind.rawValue) address; \(wayOut)")
    }
}
