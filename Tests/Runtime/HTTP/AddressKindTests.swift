import Foundation
import NIOCore
import SidetoneHTTP
import Testing

@Suite struct AddressKindTests {
    /// A row of the table that Python's `ipaddress` made; References/README.md says how.
    struct Row: Sendable {
        var address: String
        var isGlobal: Bool
        var isLoopback: Bool
        var isLinkLocal: Bool
        var isMulticast: Bool
    }

    static let rows: [Row] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/addresses.csv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",").map(String.init)
            return Row(
                address: cells[0], isGlobal: cells[1] == "1", isLoopback: cells[2] == "1", isLinkLocal: cells[4] == "1",
                isMulticast: cells[5] == "1")
        }
    }()

    private func kind(_ text: String) throws -> AddressKind {
        AddressKind(try SocketAddress(ipAddress: text, port: 80))
    }

    @Test func `addresses that are not global for Python are not global`() throws {
        #expect(Self.rows.count > 400)
        for row in Self.rows where !row.isGlobal || row.isMulticast {
            // Its version does not look into mapped addresses.
            guard !row.address.hasPrefix("::ffff:") else { continue }
            #expect(try kind(row.address) != .global, "\(row.address)")
        }
    }

    @Test func `addresses that are global for Python are global, except those refused on purpose`() throws {
        let refused = ["192.0.0.", "192.88.99.", "::ffff:", "64:ff9b", "2002:", "168.63.129.16"]
        for row in Self.rows where row.isGlobal && !row.isMulticast {
            guard !refused.contains(where: row.address.hasPrefix) else { continue }
            let isVersion6 = row.address.contains(":")
            // Outside 2000::/3 no address is given to anybody; 3fff::/20 is for documentation (RFC 9637).
            let first = UInt16(row.address.prefix { $0 != ":" }, radix: 16) ?? 0
            let second = UInt16(row.address.split(separator: ":").dropFirst().first ?? "0", radix: 16) ?? 0
            let isGiven = (0x2000...0x3FFF).contains(first) && !(first == 0x3FFF && second < 0x1000)
            #expect(try (kind(row.address) == .global) == (!isVersion6 || isGiven), "\(row.address)")
        }
    }

    @Test func `loopback and link-local addresses match Python's`() throws {
        for row in Self.rows where !row.address.hasPrefix("::ffff:") {
            #expect(try (kind(row.address) == .loopback) == row.isLoopback, "\(row.address)")
            #expect(try (kind(row.address) == .linkLocal) == row.isLinkLocal, "\(row.address)")
        }
    }

    @Test(
        arguments: [
            ("::ffff:127.0.0.1", .loopback), ("::ffff:10.1.2.3", .privateNetwork), ("::ffff:8.8.8.8", .global),
            ("::ffff:169.254.169.254", .linkLocal), ("::127.0.0.1", .special), ("::8.8.8.8", .special),
            ("64:ff9b::127.0.0.1", .special), ("64:ff9b::10.0.0.1", .special), ("64:ff9b::8.8.8.8", .global),
            ("64:ff9b:1::1", .special), ("2002:7f00:1::", .special), ("2001:0:7f00:1::", .special),
            ("169.254.169.254", .linkLocal), ("fd00:ec2::254", .metadata), ("100.100.100.200", .metadata),
            ("168.63.129.16", .metadata), ("100.64.0.1", .privateNetwork), ("fd12::1", .privateNetwork),
            ("0.0.0.0", .special), ("0.1.2.3", .special), ("255.255.255.255", .special), ("::", .special),
            ("ff02::1", .special), ("224.0.0.1", .special), ("2606:4700::1111", .global),
        ] as [(String, AddressKind)])
    func `an embedded address is classified by its target`(address: String, expected: AddressKind) throws {
        #expect(try kind(address) == expected)
    }
}
