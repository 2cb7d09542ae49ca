import Foundation

/// A moment as people give it: an age, a date or a time.
public enum Moment {
    /// What `read` takes, for messages.
    public static let allowed =
        "an age such as 30d, 12h or 45m, a date such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z"

    /// - Returns: seconds since 1970; nil when the text is none of what `allowed` says.
    public static func read(_ text: String, now: Double) -> Double? {
        if let age = age(text) { return now - age }
        let formatter = ISO8601DateFormatter()
        let forms: [ISO8601DateFormatter.Options] = [
            [.withFullDate], [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds],
        ]
        for form in forms {
            formatter.formatOptions = form
            // A date alone may not swallow a time that is malformed.
            guard form != [.withFullDate] || text.count == 10 else { continue }
            if let date = formatter.date(from: text) { return date.timeIntervalSince1970 }
        }
        return nil
    }

    /// Seconds of an age: a whole number of days, hours, minutes or seconds.
    public static func age(_ text: String) -> Double? {
        guard let unit = text.last, let scale = ["d": 86_400.0, "h": 3_600, "m": 60, "s": 1][unit],
            let count = Int(text.dropLast()), (0...36_500_000).contains(count)
        else { return nil }
        return Double(count) * scale
    }
}
