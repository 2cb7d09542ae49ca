import SidetoneModel
import Testing

@testable import SidetonePipeline

@Suite struct StreamNamingTests {
    @Test func `a platform's stream is stored in its call's folder, and replaces nothing`() {
        let info = naming.info(for: start(call: "../CA1", stream: "MZ1"), dialect: "twilio")
        #expect(info.folder == ["<../CA1>", "<MZ1>"])
        #expect(!info.replacesFolder)
        #expect(info.startedAt == 1_772_366_400)
        #expect(info.dialect == "twilio")
    }

    @Test func `an input's stream lies under the input's name, and replaces the last run's`() {
        let naming = StreamNaming(file: { "a/b.wav#\($0)" }, component: { "<\($0)>" }, now: { 1 })
        let info = naming.info(for: start(), dialect: "file")
        #expect(info.folder == ["<a/b.wav#1>"])
        #expect(info.replacesFolder)
    }
}
