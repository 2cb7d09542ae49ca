import SidetoneCallControl
import Testing

@Suite struct KeyScriptTests {
    @Test(arguments: ["", "12x", "1:2:3", "a:1", "-1:5", "1:", ":1", "1:12", "1:2,", "nan:1"])
    func `an invalid script is rejected`(text: String) { #expect(KeyScript(text) == nil) }

    @Test func `keys wait until digits are gathered`() throws {
        var script = try #require(KeyScript("12"))
        #expect(script.press(at: 0, sampleRate: 1_000, isGathering: false) == nil)
        #expect(script.press(at: 1_000, sampleRate: 1_000, isGathering: true) == nil)
        #expect(script.press(at: 1_299, sampleRate: 1_000, isGathering: true) == nil)
        #expect(script.press(at: 1_300, sampleRate: 1_000, isGathering: true) == "1")
        // The next one who gathers is waited for anew.
        #expect(script.press(at: 1_400, sampleRate: 1_000, isGathering: false) == nil)
        #expect(script.press(at: 2_000, sampleRate: 1_000, isGathering: true) == nil)
        #expect(script.press(at: 2_300, sampleRate: 1_000, isGathering: true) == "2")
        #expect(script.press(at: 9_000, sampleRate: 1_000, isGathering: true) == nil)
    }

    @Test func `keys with times do not wait`() throws {
        var script = try #require(KeyScript("2.5:*,0.5:A"))
        #expect(script.press(at: 499, sampleRate: 1_000, isGathering: true) == nil)
        #expect(script.press(at: 500, sampleRate: 1_000, isGathering: false) == "A")
        #expect(script.press(at: 2_500, sampleRate: 1_000, isGathering: false) == "*")
        #expect(script.press(at: 9_000, sampleRate: 1_000, isGathering: false) == nil)
    }
}
