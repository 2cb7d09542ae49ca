import SidetoneModel
import Testing

@testable import SidetoneStore

@Suite struct StoreSettingsTests {
    @Test func `the default settings are valid`() {
        #expect(StoreSettings().problems().isEmpty)
        #expect(StoreSettings.fields.map(\.name).count == 8)
    }
}
