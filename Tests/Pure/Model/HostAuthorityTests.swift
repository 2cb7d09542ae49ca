import SidetoneModel
import Testing

@Suite struct HostAuthorityTests {
    @Test(arguments: [
        ("localhost", "localhost", nil), ("Example.ORG:8080", "example.org", 8_080), ("127.0.0.1:80", "127.0.0.1", 80),
        ("[::1]", "::1", nil), ("[2001:DB8::1]:443", "2001:db8::1", 443),
        ("[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1),
        ("example.org:", "example.org", nil), ("a_b-c.example", "a_b-c.example", nil), ("host:0", "host", 0),
    ])
    func `host and port are read`(text: String, host: String, port: Int?) throws {
        let authority = try #require(HostAuthority(text))
        #expect(authority.host == host && authority.port == port)
    }

    @Test(arguments: [
        "", ":8080", "127.0.0.1:8080@evil", "user@host", "user:secret@host:80", "host:80:90", "host:-1", "host:65536",
        "host:000080", "host:8a", "host:٣", "ho st", "host/path", "host?x", "host#x", "host\\evil", "host%2eevil",
        "hôst",
        "[::1", "::1", "[::1]evil", "[::1]:80@evil", "[localhost]", "[]", "a,b", "host\r\nX: y", "http://host",
    ])
    func `what two parsers could read differently is refused`(text: String) { #expect(HostAuthority(text) == nil) }
}
