import SidetoneModel
import Testing

@testable import SidetoneStore

@Suite struct StoreSettingsTests {
    @Test func `the settings as they stand have no problem`() {
        #expect(StoreSettings().problems().isEmpty)
        #expect(StoreSettings.fields.map(\.name).count == 8)
    }
}
