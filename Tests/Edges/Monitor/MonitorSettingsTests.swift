import SidetoneModel
import SidetoneMonitor
import Testing

@Suite struct MonitorSettingsTests {
    @Test func `the settings as they stand have no problem`() {
        #expect(MonitorSettings().problems().isEmpty)
    }
}
