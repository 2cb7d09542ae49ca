import SidetoneModel
import SidetoneStore
import Testing

@Suite struct StoreSettingsTests {
    @Test func `the settings as they stand have no problem`() {
        #expect(StoreSettings().problems().isEmpty)
    }
}
