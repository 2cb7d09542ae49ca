import Glibc

/// Wall-clock time as text: a label, never a measure.
public enum WallTime {
    /// RFC 3339 in UTC with microseconds: `2026-03-01T12:00:00.000000Z`.
    ///
    /// - Parameter seconds: since 1970, within the years 0 to 9999; anything else reads as 1970.
    public static func text(_ seconds: Double) -> String {
        let isLabel = seconds > -62_167_219_200 && seconds < 253_402_300_799
        let micros = Int64(((isLabel ? seconds : 0) * 1_000_000).rounded())
        let (whole, fraction) = micros.quotientAndFloor(by: 1_000_000)
        var time = time_t(whole)
        var parts = tm()
        gmtime_r(&time, &parts)
        let date = "\(digits(Int64(parts.tm_year) + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
        let clock = "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))"
        return "\(date)T\(clock).\(digits(fraction, 6))Z"
    }

    private static func digits(_ number: some BinaryInteger, _ count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

extension Int64 {
    fileprivate func quotientAndFloor(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
