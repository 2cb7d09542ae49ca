import SidetoneModel
import SidetoneMonitor
import Testing

@Suite struct MonitorSettingsTests {
    private func problems(_ change: (inout MonitorSettings) -> Void) -> [String] {
        var settings = MonitorSettings()
        change(&settings)
        return settings.problems().map(\.setting)
    }

    @Test func `the default settings are valid`() {
        #expect(MonitorSettings().problems().isEmpty)
    }

    @Test(arguments: ["0.0.0.0:8080", "192.168.1.2:80", "[::]:8080", "monitor.example.com:80"])
    func `other machines need a token or a proxy`(_ listen: String) {
        #expect(problems { $0.listen = listen } == ["listen"])
        #expect(problems { ($0.listen, $0.tokenFile) = (listen, "token") }.isEmpty)
        #expect(problems { ($0.listen, $0.behindProxy) = (listen, true) } == ["behind_proxy"])
        #expect(
            problems { ($0.listen, $0.behindProxy, $0.allowedHosts) = (listen, true, ["monitor.example.com"]) }.isEmpty)
    }

    @Test func `an invalid address and a certificate without key are problems`() {
        #expect(problems { $0.listen = "8080" } == ["listen"])
        #expect(problems { $0.certificate = "cert.pem" } == ["tls"])
    }

    @Test func `allowed_hosts accepts a list of names`() throws {
        let field = try #require(MonitorSettings.fields.first { $0.name == "allowed_hosts" })
        var settings = MonitorSettings()
        #expect(field.apply(.list([.text("Monitor.Example.com")]), &settings) == nil)
        #expect(settings.allowedHosts == ["monitor.example.com"])
        for wrong: SettingValue in [.text("a"), .list([.integer(1)]), .list([.text("*")]), .list([.text("http://a/")])]
        {
            #expect(field.apply(wrong, &settings) != nil)
        }
    }
}
