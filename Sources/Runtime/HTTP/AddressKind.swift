import Glibc
package import NIOCore

/// The kind of network that an address belongs to, for connections requested by others.
///
/// According to IANA's registries of special-purpose addresses (RFC 6890): addresses that are not globally reachable
/// are not global. The decision is based on the parsed address, so unusual spellings do not bypass it.
package enum AddressKind: String, Sendable, Hashable {
    /// Globally reachable.
    case global
    /// This machine.
    case loopback
    /// A private network: RFC 1918, the shared addresses of RFC 6598, the unique local ones of RFC 4193.
    case privateNetwork = "private"
    /// This link only; on cloud machines it includes the metadata service with their credentials.
    case linkLocal = "link-local"
    /// Cloud metadata services with credentials, outside the link-local addresses.
    case metadata
    /// Multicast, unspecified, reserved, for documentation, or a tunnel to another address.
    case special

    package init(_ address: SocketAddress) {
        switch address {
        case .v4: self.init(version4: Self.bytes(of: address, family: AF_INET, count: 4))
        case .v6: self.init(version6: Self.bytes(of: address, family: AF_INET6, count: 16))
        case .unixDomainSocket: self = .special
        }
    }

    /// In network byte order.
    private static func bytes(of address: SocketAddress, family: Int32, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        _ = inet_pton(family, address.ipAddress ?? "", &bytes)
        return bytes
    }

    /// - Parameter bytes: four, in network byte order.
    private init(version4 bytes: [UInt8]) {
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (100, 100, 100, 200), (168, 63, 129, 16): self = .metadata
        case (10, _, _, _), (172, 16...31, _, _), (192, 168, _, _), (100, 64...127, _, _): self = .privateNetwork
        case (127, _, _, _): self = .loopback
        case (169, 254, _, _): self = .linkLocal
        case (0, _, _, _), (192, 0, 0, _), (192, 0, 2, _), (192, 88, 99, _), (198, 18...19, _, _), (198, 51, 100, _),
            (203, 0, 113, _), (224...255, _, _, _):
            self = .special
        default: self = .global
        }
    }

    /// - Parameter bytes: sixteen, in network byte order.
    private init(version6 bytes: [UInt8]) {
        let words = (0..<8).map { UInt16(bytes[$0 * 2]) << 8 | UInt16(bytes[$0 * 2 + 1]) }
        let last = Array(bytes[12...])
        switch (words[0], words[1], words[2]) {
        case (0, 0, 0) where words[3...6].allSatisfy({ $0 == 0 }) && words[7] == 1: self = .loopback
        // RFC 4291 §2.5.5.2: the system connects to the IPv4 address itself.
        case (0, 0, 0) where words[3] == 0 && words[4] == 0 && words[5] == 0xFFFF: self.init(version4: last)
        // RFC 6052: a translator connects to the IPv4 address within.
        case (0x64, 0xFF9B, 0) where words[3...5].allSatisfy({ $0 == 0 }):
            self = AddressKind(version4: last) == .global ? .global : .special
        case (0xFD00, 0xEC2, 0) where words[3...6].allSatisfy({ $0 == 0 }) && words[7] == 0x254: self = .metadata
        case (0xFC00...0xFDFF, _, _): self = .privateNetwork
        case (0xFE80...0xFEBF, _, _): self = .linkLocal
        case (0x2001, 0...0x1FF, _), (0x2001, 0xDB8, _), (0x2002, _, _), (0x3FFF, 0...0xFFF, _): self = .special
        // RFC 4291 §2.4: no other address is allocated yet.
        case (0x2000...0x3FFF, _, _): self = .global
        default: self = .special
        }
    }
}
