import SidetoneJSON
import Testing

@Suite struct WallTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (951_782_400.5, "2000-02-29T00:00:00.500000Z"),
            (-0.000001, "1969-12-31T23:59:59.999999Z"), (1_772_366_400.9999999, "2026-03-01T12:00:01.000000Z"),
            (.nan, "1970-01-01T00:00:00.000000Z"), (1e300, "1970-01-01T00:00:00.000000Z"),
        ] as [(Double, String)])
    func `seconds become RFC 3339`(_ seconds: Double, right: String) {
        #expect(WallTime.text(seconds) == right)
    }

    // From `date -u -d @… +%FT%TZ` of GNU coreutils.
    @Test(arguments: [
        (1_772_366_400.0, "2026-03-01T12:00:00.000000Z"), (0.25, "1970-01-01T00:00:00.250000Z"),
        (-0.5, "1969-12-31T23:59:59.500000Z"), (951_782_400.0, "2000-02-29T00:00:00.000000Z"),
    ])
    func `a time reads back as it was written`(seconds: Double, text: String) {
        #expect(WallTime.text(seconds) == text)
        #expect(WallTime.seconds(text) == seconds)
    }

    @Test func `decimals may be missing`() { #expect(WallTime.seconds("1970-01-01T00:01:00Z") == 60) }

    @Test(arguments: [
        "", "now", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00", "2026-03-01T12:00:00+01:00", "2026-03-01T12:00:00.Z",
        "2026-0x-01T12:00:00Z", "2026-03-01T12:00:00.1e5Z",
    ])
    func `what is no such time reads as none`(text: String) { #expect(WallTime.seconds(text) == nil) }
}
