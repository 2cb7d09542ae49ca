import Glibc

/// Wall-clock time as text: a label, never a measure.
package enum WallTime {
    /// RFC 3339 in UTC with microseconds: `2026-03-01T12:00:00.000000Z`.
    ///
    /// - Parameter seconds: since 1970, within the years 0 to 9999; anything else reads as 1970.
    package static func text(_ seconds: Double) -> String {
        let isLabel = seconds > -62_167_219_200 && seconds < 253_402_300_799
        let micros = Int64(((isLabel ? seconds : 0) * 1_000_000).rounded())
        let (whole, fraction) = micros.quotientAndFloor(by: 1_000_000)
        var time = time_t(whole)
        var parts = tm()
        gmtime_r(&time, &parts)
        let date =
            "\(digits(Int64(parts.tm_year) + 1900, count: 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
        let clock = "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))"
        return "\(date)T\(clock).\(digits(fraction, count: 6))Z"
    }

    /// Reads what `text` writes, with any number of decimals.
    ///
    /// - Returns: seconds since 1970; nil where the text is no such time.
    package static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int32? {
            bytes[range].allSatisfy { (0x30...0x39).contains($0) }
                ? Int32(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        let marks = [4: "-", 7: "-", 10: "T", 13: ":", 16: ":"] as [Int: Unicode.Scalar]
        guard marks.allSatisfy({ bytes[$0.key] == UInt8(ascii: $0.value) }), let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16),
            let second = number(17..<19)
        else { return nil }
        let decimals = bytes[19..<bytes.count - 1]
        var fraction = 0.0
        if !decimals.isEmpty {
            guard decimals.first == UInt8(ascii: "."), decimals.count <= 10, decimals.count > 1,
                decimals.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
                let read = Double("0" + String(decoding: decimals, as: UTF8.self))
            else { return nil }
            fraction = read
        }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1_900, month - 1, day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return Double(timegm(&parts)) + fraction
    }

    private static func digits(_ number: some BinaryInteger, count: Int = 2) -> String {
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
