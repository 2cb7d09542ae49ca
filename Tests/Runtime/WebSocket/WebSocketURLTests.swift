import Testing

@testable import SidetoneWebSocket

@Suite struct WebSocketURLTests {
    struct Case: Sendable {
        var text: String
        var isSecure = true
        var host = "media.example.org"
        var port = 443
        var target = "/"
        var authority = "media.example.org"
    }

    @Test(arguments: [
        Case(text: "wss://media.example.org"),
        Case(text: "wss://media.example.org/"),
        Case(text: "ws://media.example.org", isSecure: false, port: 80),
        Case(text: "WSS://media.example.org/"),
        Case(text: "wss://media.example.org:443/in", target: "/in"),
        Case(text: "wss://media.example.org:8443/in", port: 8_443, target: "/in", authority: "media.example.org:8443"),
        Case(text: "wss://media.example.org/in/a?b=c&d=%20", target: "/in/a?b=c&d=%20"),
        Case(text: "wss://media.example.org?b=c@d:e/f", target: "/?b=c@d:e/f"),
        Case(text: "wss://media.example.org/in#part", target: "/in"),
        Case(text: "wss://media.example.org#part"),
        Case(
            text: "ws://[::1]:8080/in", isSecure: false, host: "::1", port: 8_080, target: "/in",
            authority: "[::1]:8080"),
        Case(text: "wss://[::1]", host: "::1", authority: "[::1]"),
        Case(text: "ws://127.0.0.1:1", isSecure: false, host: "127.0.0.1", port: 1, authority: "127.0.0.1:1"),
    ])
    func `an address is parsed`(expected: Case) throws {
        let url = try WebSocketURL(expected.text)
        #expect(url.isSecure == expected.isSecure)
        #expect(url.host == expected.host)
        #expect(url.port == expected.port)
        #expect(url.target == expected.target)
        #expect(url.authority == expected.authority)
    }

    @Test(arguments: [
        "", "wss:", "wss://", "wss:///in", "wss://:443/in", "https://media.example.org", "media.example.org",
        "wss://media.example.org:", "wss://media.example.org:0", "wss://media.example.org:65536",
        "wss://media.example.org:-1", "wss://media.example.org:+80", "wss://media.example.org:a", "wss://user@host",
        "wss://user:password@host/in", "wss://[::1", "wss://[::1]a", "wss://::1/in", "wss://a b/", "wss://a/b c",
        "wss://a/b\r\nX-Evil: 1", "wss://a\r\n/", "wss://a/\u{0}", "wss://a/Grüße", "ws://[]/", "ws://a[b]/",
    ])
    func `an invalid address is rejected`(text: String) {
        do throws(WebSocketError) {
            _ = try WebSocketURL(text)
            Issue.record("taken")
        } catch {
            #expect(error.code == .badURL)
        }
    }

    @Test func `messages contain neither password nor query`() throws {
        do throws(WebSocketError) {
            _ = try WebSocketURL("wss://user:password@host/in")
            Issue.record("taken")
        } catch {
            #expect(!error.description.contains("password"))
        }
        #expect(try WebSocketURL("wss://media.example.org/in?token=secret").description == "wss://media.example.org/in")
    }
}
