import SidetonePlayback
import Testing

@Suite struct PaceTests {
    @Test func `a pace is max or a number above zero`() {
        #expect(Pace("max") == .max)
        #expect(Pace("4") == .times(4))
        for text in ["", "0", "-1", "fast", "1e9"] { #expect(Pace(text) == nil) }
    }
}
