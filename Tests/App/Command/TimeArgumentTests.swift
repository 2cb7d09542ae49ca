import Testing
import sidetone

@Suite struct TimeArgumentTests {
    private let now = 1_772_366_400.0

    static let moments: [(text: String, seconds: Double)] = [
        ("30d", 1_772_366_400.0 - 30 * 86_400), ("12h", 1_772_366_400 - 43_200), ("2026-03-01", 1_772_323_200),
        ("2024-02-29", 1_709_164_800), ("2026-03-01T12:00:00Z", 1_772_366_400),
        ("2026-03-01T13:00:00.5+01:00", 1_772_366_400.5),
    ]

    @Test(arguments: moments)
    func `ages, dates and times are read`(text: String, seconds: Double) {
        #expect(TimeArgument.read(text, now: now) == seconds)
    }

    @Test(arguments: [
        "2026-02-30", "2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-3-1",
        "2026-02-30T12:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T12:61:00Z", "2026-03-01T12:00Z", "30", "-3d", "",
        "yesterday",
    ])
    func `a day or a time that does not exist is refused`(text: String) {
        #expect(TimeArgument.read(text, now: now) == nil)
    }
}
