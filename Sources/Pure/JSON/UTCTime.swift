/// A wall-clock time to the microsecond, as messages and files carry it. It is a label; nothing is measured with it.
public struct UTCTime: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z, without leap seconds; years 0…9999.
    public let unixMicroseconds: Int64

    private static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    /// Times outside the years 0…9999 become the nearest one inside.
    public init(unixMs: Int64) {
        let (micros, overflows) = unixMs.multipliedReportingOverflow(by: 1_000)
        let nearest = overflows ? (unixMs < 0 ? .min : .max) : micros
        unixMicroseconds = min(max(nearest, Self.range.lowerBound), Self.range.upperBound)
    }

    /// - Parameter unixSeconds: since 1970, rounded to the microsecond; what lies outside the years 0…9999, or is not a
    ///   number, reads as 1970.
    public init(unixSeconds: Double) {
        let isLabel = unixSeconds > -62_167_219_200 && unixSeconds < 253_402_300_799
        unixMicroseconds = Int64(((isLabel ? unixSeconds : 0) * 1_000_000).rounded())
    }

    /// Reads RFC 3339: `2026-03-04T09:15:07Z`, with a fraction or an offset where there is one. Digits past the
    /// microsecond are dropped; a leap second reads as the second after it.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix(while: isASCIIDigit)
            guard !digits.isEmpty else { return nil }
            for place in 0..<6 {
                fraction = fraction * 10 + (place < digits.count ? Int64(digits[digits.startIndex + place]) - 48 : 0)
            }
            rest = rest[digits.endIndex...]
        }
        guard let offset = Self.offsetMinutes(rest) else { return nil }
        let minutes = (Self.dayNumber(year, month: month, day: day) * 24 + hour) * 60 + minute - offset
        let micros = (minutes * 60 + second) * 1_000_000 + fraction
        guard Self.range.contains(micros) else { return nil }
        unixMicroseconds = micros
    }

    public static func < (left: UTCTime, right: UTCTime) -> Bool { left.unixMicroseconds < right.unixMicroseconds }

    /// Milliseconds since 1970, rounded down.
    public var unixMs: Int64 { Self.floor(unixMicroseconds, by: 1_000) }

    /// Seconds since 1970.
    public var unixSeconds: Double { Double(unixMicroseconds) / 1_000_000 }

    /// RFC 3339 in UTC, whole seconds: `2026-03-04T09:15:07Z`.
    public var seconds: String { "\(dateAndTime)Z" }

    /// RFC 3339 in UTC with milliseconds: `2026-03-04T09:15:07.250Z`.
    public var milliseconds: String { "\(dateAndTime).\(Self.padded(unixMs - secondCount * 1_000, width: 3))Z" }

    /// RFC 3339 in UTC with microseconds: `2026-03-04T09:15:07.250000Z`.
    public var microseconds: String {
        "\(dateAndTime).\(Self.padded(unixMicroseconds - secondCount * 1_000_000, width: 6))Z"
    }

    private var secondCount: Int64 { Self.floor(unixMicroseconds, by: 1_000_000) }

    private static func floor(_ number: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private var dateAndTime: String {
        let second = (secondCount % 86_400 + 86_400) % 86_400
        let (year, month, day) = Self.date((secondCount - second) / 86_400)
        let date = "\(Self.padded(year, width: 4))-\(Self.padded(month, width: 2))-\(Self.padded(day, width: 2))"
        return
            "\(date)T\(Self.padded(second / 3_600, width: 2)):\(Self.padded(second / 60 % 60, width: 2)):\(Self.padded(second % 60, width: 2))"
    }

    private static func padded(_ number: Int64, width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        digits.allSatisfy(isASCIIDigit) ? digits.reduce(0) { $0 * 10 + Int64($1) - 48 } : nil
    }

    /// `Z`, `+02:00` or `-0330`.
    private static func offsetMinutes(_ text: ArraySlice<UInt8>) -> Int64? {
        if text.count == 1, let letter = text.first, letter | 0x20 == 0x7A { return 0 }
        let digits = text.dropFirst().filter { $0 != 0x3A }
        guard let sign = text.first, sign == 0x2B || sign == 0x2D, digits.count == 4,
            let hours = number(digits[0..<2]), let minutes = number(digits[2..<4]), hours < 24, minutes < 60
        else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar. Counting years from March puts the leap day last.
    private static func dayNumber(_ year: Int64, month: Int64, day: Int64) -> Int64 {
        let months = (month + 9) % 12
        return firstDay(ofYear: year + 400 - (month < 3 ? 1 : 0)) + (months * 306 + 5) / 10 + day - 1 - epoch
    }

    /// Days from 1 March of year −400 to 1 January 1970.
    private static let epoch: Int64 = 719_468 + 146_097

    /// Days before 1 March of a year, counted from year −400; `year` is at least 0.
    private static func firstDay(ofYear year: Int64) -> Int64 { year * 365 + year / 4 - year / 100 + year / 400 }

    private static func date(_ dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = dayNumber + epoch
        var years = days * 400 / 146_097  // off by one at most, on either side
        if days < firstDay(ofYear: years) { years -= 1 }
        if days >= firstDay(ofYear: years + 1) { years += 1 }
        let dayOfYear = days - firstDay(ofYear: years)
        let months = (dayOfYear * 10 + 5) / 306
        let day = dayOfYear - (months * 306 + 5) / 10 + 1
        return (years - 400 + (months > 9 ? 1 : 0), (months + 2) % 12 + 1, day)
    }
}
