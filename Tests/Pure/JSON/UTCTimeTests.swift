import Foundation
import SidetoneJSON
import SidetoneModel
import Testing

@Suite struct UTCTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-03-04T09:15:07Z", 1_772_615_707_000),
        ("2026-03-04T10:15:07+01:00", 1_772_615_707_000), ("2026-03-04T05:45:07-0330", 1_772_615_707_000),
        ("2026-03-04t09:15:07.2509z", 1_772_615_707_250), ("1969-12-31T23:59:59.999Z", -1),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
    ])
    func `a time is read`(_ text: String, unixMs: Int64) {
        #expect(UTCTime(text)?.unixMs == unixMs)
    }

    @Test(arguments: [
        "", "now", "2026-03-04", "2026-03-04T09:15:07", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1", "2026-01-01T00:00:00ZZ",
        "９026-01-01T00:00:00Z", "-026-01-01T00:00:00Z",
    ])
    func `an invalid time is rejected`(_ text: String) {
        #expect(UTCTime(text) == nil)
    }

    @Test func `Foundation writes the same times over ten thousand years`() {
        let formatter = ISO8601DateFormatter()
        var random = SplitMix64(seed: 8_601)
        for _ in 0..<2_000 {
            // From the first day of the Gregorian calendar on; Foundation is Julian before it.
            let second = Int64.random(in: -12_219_292_800...253_402_300_799, using: &random)
            let time = UTCTime(unixMs: second * 1_000 + 250)
            #expect(time.seconds == formatter.string(from: Date(timeIntervalSince1970: Double(second))), "seed 8601")
            #expect(UTCTime(time.milliseconds) == time, "seed 8601")
        }
    }

    @Test(arguments: [
        ("Wed, 04 Mar 2026 09:15:07 +0000", 1_772_615_707_000), ("4 Mar 2026 09:15:07 GMT", 1_772_615_707_000),
        ("Wed,  4 Mar 2026 10:15:07 +0100", 1_772_615_707_000), ("04 Mar 2026 05:45 -0330", 1_772_615_700_000),
        ("Thu, 01 Jan 1970 00:00:00 UT", 0),
    ])
    func `the date of a mail is read`(_ text: String, unixMs: Int64) {
        #expect(UTCTime(mail: text)?.unixMs == unixMs)
    }

    @Test(arguments: [
        "", "Wed,", "2026-03-04T09:15:07Z", "Mit, 04 Mar 2026 09:15:07 +0000", "04 Mrz 2026 09:15:07 +0000",
        "31 Feb 2026 09:15:07 +0000", "04 Mar 26 09:15:07 +0000", "04 Mar 2026 09:15:07", "04 Mar 2026 9:15:07 +0000",
        "04 Mar 2026 24:00:00 +0000", "04 Mar 2026 09:15:07 PST", "04 Mar 2026 09:15:07 +00:0",
        "004 Mar 2026 09:15:07 GMT",
        "04 Mar 2026 09:15:07 +0000 x",
    ])
    func `an invalid mail date is rejected`(_ text: String) { #expect(UTCTime(mail: text) == nil) }

    @Test func `a mail's dates are those that Foundation writes`() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 5 * 3_600 + 1_800)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        var random = SplitMix64(seed: 2_822)
        for _ in 0..<500 {
            let second = Int64.random(in: 0...4_102_444_800, using: &random)
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(second)))
            #expect(UTCTime(mail: text)?.unixMs == second * 1_000, "\(text), seed 2822")
        }
    }

    @Test func `a time far outside becomes the nearest one that can be written`() {
        #expect(UTCTime(unixMs: .max).milliseconds == "9999-12-31T23:59:59.999Z")
        #expect(UTCTime(unixMs: .min).milliseconds == "0000-01-01T00:00:00.000Z")
        #expect(UTCTime(unixMs: -1).milliseconds == "1969-12-31T23:59:59.999Z")
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (951_782_400.5, "2000-02-29T00:00:00.500000Z"),
            (-0.000001, "1969-12-31T23:59:59.999999Z"), (1_772_366_400.9999999, "2026-03-01T12:00:01.000000Z"),
            (.nan, "1970-01-01T00:00:00.000000Z"), (1e300, "1970-01-01T00:00:00.000000Z"),
        ] as [(Double, String)])
    func `seconds become RFC 3339 with microseconds`(_ seconds: Double, right: String) {
        #expect(UTCTime(unixSeconds: seconds).microseconds == right)
    }

    // From `date -u -d @… +%FT%TZ` of GNU coreutils.
    @Test(arguments: [
        (1_772_366_400.0, "2026-03-01T12:00:00.000000Z"), (0.25, "1970-01-01T00:00:00.250000Z"),
        (-0.5, "1969-12-31T23:59:59.500000Z"), (951_782_400.0, "2000-02-29T00:00:00.000000Z"),
    ])
    func `a time reads back as it was written`(seconds: Double, text: String) {
        #expect(UTCTime(unixSeconds: seconds).microseconds == text)
        #expect(UTCTime(text)?.unixSeconds == seconds)
    }

    @Test(arguments: [
        "2026-03-01T12:00:00", "2026-03-01T12:00:00.Z", "2026-0x-01T12:00:00Z", "2026-03-01T12:00:00.1e5Z",
    ])
    func `a label of another form is not read`(_ text: String) { #expect(UTCTime(text) == nil) }
}
