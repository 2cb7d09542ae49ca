import SidetoneJSON

/// The header field Retry-After (RFC 9110 §10.2.3): seconds, or a date.
enum RetryAfter {
    /// Seconds from now, at least 0; nil for a value that is neither.
    static func seconds(_ value: String, nowMs: Int64) -> Double? {
        let value = value.drop { $0 == " " }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(value) }
        // `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is still sent.
        let words = value.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        guard let time = UTCTime("\(words[3])-\(number)-\(words[1])T\(words[4])Z") else { return nil }
        return max(0, Double(time.unixMs - nowMs) / 1_000)
    }
}
