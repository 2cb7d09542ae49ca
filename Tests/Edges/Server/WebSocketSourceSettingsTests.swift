import SidetoneModel
import SidetoneWebSocket
import Testing

@testable import SidetoneServer

@Suite struct WebSocketSourceSettingsTests {
    private func problems(_ change: (inout WebSocketSourceSettings) -> Void) -> [String] {
        var settings = WebSocketSourceSettings()
        settings.allowPlaintext = true
        change(&settings)
        return settings.problems().map(\.setting)
    }

    @Test func `streams that can never be used are a problem`() {
        #expect(problems { _ in } == [])
        #expect(problems { $0.maxStreams = 5_000 } == [])
        #expect(
            problems {
                $0.maxStreams = 5_000
                $0.maxConnectionsPerAddress = 1_000
            } == ["max_streams"])
        // Other addresses can connect here.
        #expect(
            problems {
                $0.listen = "0.0.0.0:8443"
                $0.maxConnectionsPerAddress = 10
            } == [])
        #expect(
            problems {
                $0.trustedProxies = ["127.0.0.1"]
                $0.maxConnectionsPerAddress = 10
            } == [])
    }

    @Test func `by default one address cannot use all streams of an open server`() {
        var settings = WebSocketSourceSettings()
        settings.listen = "0.0.0.0:8443"
        #expect(settings.streamsPerAddress(isAuthenticated: false) == settings.maxStreams / 2)
        #expect(settings.streamsPerAddress(isAuthenticated: true) == settings.maxStreams)
        settings.maxConnectionsPerAddress = 7
        #expect(settings.streamsPerAddress(isAuthenticated: true) == 7)
        #expect(settings.limits.connections.perAddress < settings.limits.connections.total)
    }

    @Test(arguments: [
        ("", ["public_url"]), ("wss://media.example.com", []), ("wss://media.example.com:8443/media", []),
        ("https://media.example.com", ["public_url"]), ("wss://", ["public_url"]),
        ("wss://user@media.example.com", ["public_url"]), ("wss://media.example.com/a?b", ["public_url"]),
    ])
    func `Twilio's signature needs the public URL`(url: String, expected: [String]) {
        #expect(
            problems {
                $0.upgradeTokenFiles["twilio"] = "tokens"
                $0.publicURL = url
            } == expected)
    }

    @Test(arguments: [
        ("allowed_origins", "https://app.example.com", true), ("allowed_origins", "https://app.example.com:8443", true),
        ("allowed_origins", "app.example.com", false), ("allowed_origins", "https://app.example.com/", false),
        ("allowed_origins", "*", false), ("allowed_origins", "null", false), ("trusted_proxies", "10.0.0.0/8", true),
        ("trusted_proxies", "::1", true), ("trusted_proxies", "proxy.example", false),
        ("trusted_proxies", "10.0.0.0/64", false), ("allowed_hosts", "media.example.com", true),
        ("allowed_hosts", "[2001:db8::7]", true), ("allowed_hosts", "media.example.com:8443", false),
        ("allowed_hosts", "https://media.example.com", false), ("allowed_hosts", "*.example.com", false),
        ("allowed_hosts", "", false),
    ])
    func `hosts, origins and proxies are read, or told what is right`(name: String, text: String, isRight: Bool) throws
    {
        let field = try #require(WebSocketSourceSettings.fields.first { $0.name == name })
        var settings = WebSocketSourceSettings()
        let problem = field.apply(.list([.text(text)]), &settings)
        #expect((problem == nil) == isRight)
        if !isRight { #expect(problem?.contains("expected a list of") == true) }
    }

    @Test func `a lead of zero disables throttling`() {
        var settings = WebSocketSourceSettings()
        #expect(settings.limits.frames != nil && settings.limits.bytes != nil)
        settings.maxLeadS = 0
        #expect(settings.limits.frames == nil && settings.limits.bytes == nil)
    }
}
