import SidetoneJSON

/// The header field Retry-After (RFC 9110 §10.2.3): seconds, or a date.
enum RetryAfter {
    /// Seconds from now, at least 0; nil for a value that is neither.
    static func seconds(_ value: String, nowMs: Int64) -> Double? {
        let value = value.drop { $0 == " " }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(value) }
        // `Sun, 06 Nov 1994 08:49:37 GMT`: RFC 9110 §5.6.7 uses the date format of mail.
        guard let time = UTCTime(mail: String(value)) else { return nil }
        return max(0, Double(time.unixMs - nowMs) / 1_000)
    }
}
