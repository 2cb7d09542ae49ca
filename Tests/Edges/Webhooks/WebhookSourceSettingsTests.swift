import SidetoneModel
import SidetonePlatforms
import SidetoneWebhooks
import Testing

@Suite struct WebhookSourceSettingsTests {
    private func problems(_ change: (inout WebhookSourceSettings) -> Void) -> [String] {
        var settings = WebhookSourceSettings()
        settings.allowPlaintext = true
        settings.allowUnsigned = ["minivoice"]
        change(&settings)
        return settings.problems().map(\.setting)
    }

    @Test func `one open platform on loopback is enough`() { #expect(problems { _ in } == []) }

    @Test func `a source that serves nothing lists the settings that enable it`() {
        let problems = WebhookSourceSettings().problems()
        #expect(problems.map(\.setting) == ["tls", "allow_unsigned"])
        #expect(problems.last?.problem.contains("minivoice_secret_file") == true)
    }

    @Test func `a platform that signs its URL requires public_url`() {
        #expect(problems { $0.keyFiles["twilio"] = "token" } == ["public_url"])
        #expect(problems { $0.keyFiles["signalwire"] = "key" } == ["public_url"])
        #expect(
            problems {
                $0.keyFiles["twilio"] = "token"
                $0.publicURL = "https://calls.example.org"
            } == [])
        #expect(problems { $0.publicURL = "calls.example.org" } == ["public_url"])
    }

    @Test(arguments: ["answer", "/", "/a//b", "/a/", "/a:b", "/a*", "/a b", ""])
    func `an invalid path is refused`(path: String) {
        #expect(problems { $0.answerPath = path } == ["answer_path"])
    }

    @Test func `the message about a path suggests a valid one`() {
        var settings = WebhookSourceSettings()
        settings.allowPlaintext = true
        settings.allowUnsigned = ["minivoice"]
        settings.paths["twilio"] = "/hooks of mine"
        #expect(settings.problems().map(\.problem).joined().hasSuffix("such as /webhooks/twilio"))
    }

    @Test func `contradictions are found`() {
        #expect(problems { $0.answerPath = $0.path(of: Twilio.self) } == ["answer_path"])
        #expect(problems { $0.keyFiles["minivoice"] = "secret" } == ["allow_unsigned"])
        #expect(problems { $0.certificate = "cert.pem" } == ["tls", "allow_plaintext"])
        #expect(problems { $0.streamURL = "ws://rx.example.org" } == ["stream_url"])
        #expect(problems { $0.listen = "here" } == ["listen"])
    }

    @Test func `a static secret is not served to requests that need no signature`() {
        func unsigned(_ change: (inout WebhookSourceSettings) -> Void) -> [String] {
            problems {
                $0.answerDocuments = "answers.yaml"
                change(&$0)
            }
        }
        #expect(unsigned { $0.streamTokenFile = "token" } == ["stream_token_file"])
        #expect(unsigned { $0.streamURL = "wss://rx.example.org/m?token=abc" } == ["stream_url"])
        #expect(unsigned { $0.streamURL = "wss://user:pass@rx.example.org/m" } == ["stream_url"])
        #expect(unsigned { $0.streamURL = "wss://rx.example.org/m?tenant=a" } == [])
        // Requiring signatures is not enough without a key to verify them.
        #expect(
            unsigned {
                $0.streamTokenFile = "token"
                $0.answerSignature = "required"
            } == ["answer_signature", "stream_token_file"])
        #expect(
            unsigned {
                $0.streamTokenFile = "token"
                $0.answerSignature = "required"
                $0.keyFiles["signalwire"] = "key"
                $0.publicURL = "https://hooks.example.org"
            } == [])
    }

    @Test func `the message about a static secret states both remedies`() throws {
        var settings = WebhookSourceSettings()
        settings.allowPlaintext = true
        settings.answerDocuments = "answers.yaml"
        settings.streamTokenFile = "token"
        let problem = try #require(settings.problems().first?.problem)
        #expect(problem.contains("call_tokens: same_call") && problem.contains("answer_signature: required"))
    }
}
