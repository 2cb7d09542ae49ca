import SidetoneCallControl
import Testing

@Suite struct WebURLTests {
    @Test(
        arguments: [
            ("wss://rx.example.org", "rx.example.org", nil, "/"),
            ("WSS://RX.example.org:8443/a?b=c", "rx.example.org", 8_443, "/a?b=c"),
            ("https://[2001:db8::1]:80/", "2001:db8::1", 80, "/"), ("http://127.0.0.1?x", "127.0.0.1", nil, "/?x"),
            ("https://user:pw@h.example.org/", "h.example.org", nil, "/"),
            ("https://a@b@c.example.org", "c.example.org", nil, "/"),
            ("https://h.example.org:/", "h.example.org", nil, "/"),
        ] as [(String, String, Int?, String)])
    func `a URL comes apart`(_ text: String, host: String, port: Int?, target: String) throws {
        let url = try #require(WebURL(text))
        #expect(url.host == host && url.port == port && url.target == target)
    }

    @Test(arguments: [
        "", ":", "//a", "wss:", "wss:a", "wss:/a", "wss://", "wss:///a", "wss://:80", "wss://a:0", "wss://a:65536",
        "wss://a:b", "wss://a b", "wss://a\\b", "wss://a\nb", "wss://é.example.org", "wss://[::1", "wss://[x]",
        "wss://a]",
        "1ws://a", "wss://a/\u{0}", " wss://a", "wss://@",
    ])
    func `text that two parsers might split differently is not a URL`(_ text: String) {
        #expect(WebURL(text) == nil)
    }

    @Test func `credentials and fragments are noticed`() {
        #expect(WebURL("wss://u@a")?.hasCredentials == true)
        #expect(WebURL("wss://a/u@b")?.hasCredentials == false)
        #expect(WebURL("wss://a/b#")?.hasFragment == true)
    }

    @Test(arguments: [
        ("wss://rx.example.org/media", "wss://rx.example.org/media"),
        ("wss://rx.example.org:8443/media?token=abc#x", "wss://rx.example.org:8443/media"),
        ("https://user:password@rx.example.org/a", "https://rx.example.org/a"),
        ("wss://rx.example.org/media/st1.1300.AAECAwQFBgcICQoLDA0ODw.-.x", "wss://rx.example.org/media/…"),
        ("wss://rx.example.org/0123456789abcdef/media", "wss://rx.example.org/…/media"),
        ("/media/0123456789abcdef?key=x", "/media/…"), ("", ""), ("no url", "no url"),
    ])
    func `a URL for logs holds no credentials, no query and no long component`(url: String, expected: String) {
        #expect(WebURL.withoutSecrets(url) == expected)
    }
}
