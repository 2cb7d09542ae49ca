import SidetoneModel
import SidetoneWebhooks
import Testing

@Suite struct WebhookSourceSettingsTests {
    @Test func `the settings as they stand have no problem`() {
        #expect(WebhookSourceSettings().problems().isEmpty)
    }
}
