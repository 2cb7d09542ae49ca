import SidetoneModel
import SidetoneWebhooks
import Testing

@Suite struct WebhookSourceSettingsTests {
    private func problems(_ change: (inout WebhookSourceSettings) -> Void) -> [String] {
        var settings = WebhookSourceSettings()
        settings.plain = true
        settings.unsigned = ["minivoice"]
        change(&settings)
        return settings.problems().map(\.setting)
    }

    @Test func `one open platform on loopback is enough`() { #expect(problems { _ in } == []) }

    @Test func `a source that serves nothing says what would open it`() {
        let problems = WebhookSourceSettings().problems()
        #expect(problems.map(\.setting) == ["tls", "unsigned"])
        #expect(problems.last?.problem.contains("minivoice_secret_file") == true)
    }

    @Test func `a platform that signs its URL asks for the public one`() {
        #expect(problems { $0.twilioTokenFile = "token" } == ["public_url"])
        #expect(problems { $0.signalwireKeyFile = "key" } == ["public_url"])
        #expect(
            problems {
                $0.twilioTokenFile = "token"
                $0.publicURL = "https://calls.example.org"
            } == [])
        #expect(problems { $0.publicURL = "calls.example.org" } == ["public_url"])
    }

    @Test(arguments: ["answer", "/", "/a//b", "/a/", "/a:b", "/a*", "/a b", ""])
    func `a path that is none is refused`(path: String) {
        #expect(problems { $0.answerPath = path } == ["answer_path"])
    }

    @Test func `a path's problem names one that would be right`() {
        var settings = WebhookSourceSettings()
        settings.plain = true
        settings.unsigned = ["minivoice"]
        settings.twilioPath = "/hooks of mine"
        #expect(settings.problems().map(\.problem).joined().hasSuffix("such as /webhooks/twilio"))
    }

    @Test func `contradictions are found`() {
        #expect(problems { $0.answerPath = $0.twilioPath } == ["answer_path"])
        #expect(problems { $0.minivoiceSecretFile = "secret" } == ["unsigned"])
        #expect(problems { $0.certificate = "cert.pem" } == ["tls", "plain"])
        #expect(problems { $0.streamURL = "ws://rx.example.org" } == ["stream_url"])
        #expect(problems { $0.listen = "here" } == ["listen"])
    }
}
