import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// One IP address or a network in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, `127.0.0.1`.
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// - Returns: nil when the text is neither.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = IPAddress.bytes(of: String(parts[0])) else { return nil }
        self.bytes = bytes
        guard parts.count == 2 else {
            bits = bytes.count * 8
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            bits <= bytes.count * 8
        else { return nil }
        self.bits = bits
    }

    /// - Parameter address: as text, without a port.
    package func contains(_ address: String) -> Bool {
        guard let other = IPAddress.bytes(of: address), other.count == bytes.count else { return false }
        for index in 0..<bits / 8 where other[index] != bytes[index] { return false }
        guard bits % 8 > 0 else { return true }
        return (other[bits / 8] ^ bytes[bits / 8]) >> UInt8(8 - bits % 8) == 0
    }
}

/// The bytes of an IP address.
enum IPAddress {
    /// In network byte order: four or sixteen. An IPv4 address within an IPv6 one (RFC 4291 §2.5.5.2) is the IPv4
    /// address.
    ///
    /// - Returns: nil when the text is not an IP address.
    static func bytes(of text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        // RFC 4007 §11: the zone of a link-local address.
        guard inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &sixteen) == 1 else { return nil }
        let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
        return isMapped ? Array(sixteen[12...]) : sixteen
    }
}

/// The unit of a per-address cap: one IPv4 address, or the /64 of an IPv6 address, which belongs to one subscriber
/// (RFC 6177).
package struct ClientAddress: Sendable, Hashable {
    private let bytes: [UInt8]

    /// - Parameter text: an IP address without a port; anything else counts as one client.
    package init(_ text: String) {
        let bytes = IPAddress.bytes(of: text) ?? []
        self.bytes = bytes.count == 16 ? Array(bytes.prefix(8)) : bytes
    }
}
