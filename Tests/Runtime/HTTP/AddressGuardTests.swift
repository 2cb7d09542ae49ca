import NIOCore
import SidetoneHTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct AddressGuardTests {
    /// Every name has these addresses.
    static func leading(to addresses: String...) -> AddressGuard.Resolver {
        { _, port in try addresses.map { try SocketAddress(ipAddress: $0, port: port) } }
    }

    private func refusal(_ gate: AddressGuard, url: String) async -> WebError? {
        do throws(WebError) {
            _ = try await gate.check(url)
            return nil
        } catch { return error }
    }

    @Test func `a public name is accepted, with its addresses`() async throws {
        let gate = AddressGuard(resolver: Self.leading(to: "2606:4700::1111", "8.8.8.8"))
        let destination = try await gate.check("https://Example.org/a?b=c")
        #expect(destination.addresses.map(\.ipAddress) == ["2606:4700::1111", "8.8.8.8"] && destination.port == 443)
        let other = try await gate.check("wss://example.org:8443/")
        #expect(other.port == 8_443)
    }

    @Test func `one disallowed address is enough to refuse`() async {
        let gate = AddressGuard(resolver: Self.leading(to: "8.8.8.8", "10.0.0.7"))
        let error = await refusal(gate, url: "https://example.org/?token=hush")
        #expect(error?.code == .refused)
        #expect(
            error?.detail
                == "example.org resolves to 10.0.0.7, which is a private address; allow it with --allow-private if it is intended"
        )
    }

    @Test(arguments: [
        ("ftp://example.org/", WebError.Code.badURL), ("file:///etc/passwd", .badURL),
        ("gopher://example.org/", .badURL),
        ("https://user:word@example.org/", .badURL), ("https://example.org/#there", .badURL), ("example.org", .badURL),
        ("https://exa%6Dple.org/", .badURL), ("https://example.org\\@10.0.0.1/", .badURL),
        ("http://example.org/", .refused), ("ws://example.org/", .refused),
    ])
    func `a disallowed address is refused without resolving its name`(url: String, code: WebError.Code)
        async
    {
        let gate = AddressGuard { _, _ in
            Issue.record("the name was resolved")
            return []
        }
        #expect(await refusal(gate, url: url)?.code == code)
    }

    /// Spellings that `getaddrinfo` takes for this machine.
    @Test(arguments: [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost",
        "0", "0.0.0.0", "[::]", "169.254.169.254", "[fe80::1]", "[64:ff9b::7f00:1]",
    ])
    func `no spelling of an address of this machine or link gets past`(host: String) async {
        #expect(await refusal(AddressGuard(), url: "https://\(host)/")?.code == .refused)
    }

    @Test func `this machine can be allowed for development, even without TLS, and nothing else`() async throws {
        let gate = AddressGuard(allowsLoopback: true)
        for url in ["http://127.0.0.1:8080/", "ws://localhost:1/", "https://[::1]/", "wss://127.0.0.1/"] {
            let destination = try await gate.check(url)
            #expect(destination.addresses.allSatisfy { AddressKind($0) == .loopback })
        }
        for host in ["10.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "0.0.0.0"] {
            #expect(await refusal(gate, url: "http://\(host)/")?.code == .refused)
        }
        #expect(await refusal(gate, url: "http://8.8.8.8/")?.code == .refused)
    }

    @Test func `private networks can be allowed separately, without cloud metadata services`() async throws {
        let gate = AddressGuard(allowsPrivate: true)
        for host in ["10.0.0.1", "172.16.9.9", "192.168.1.1", "100.64.0.1", "[fd12::1]"] {
            let destination = try await gate.check("https://\(host)/")
            #expect(destination.addresses.count == 1)
        }
        for host in ["127.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"] {
            #expect(await refusal(gate, url: "https://\(host)/")?.code == .refused)
        }
        #expect(await refusal(gate, url: "http://10.0.0.1/")?.code == .refused)
    }

    @Test func `a name without an address is reported`() async {
        let error = await refusal(AddressGuard { _, _ in [] }, url: "https://example.org/")
        #expect(error?.code == .unresolved)
        // RFC 6761 §6.4: a name that is never there.
        #expect(await refusal(AddressGuard(), url: "https://nobody.invalid/")?.code == .unresolved)
    }
}
