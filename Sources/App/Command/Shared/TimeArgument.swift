import Foundation

/// A point in time given as an argument: an age, a date or a time.
package enum TimeArgument {
    /// The forms that `read` accepts, for messages.
    package static let allowed =
        "an age such as 30d, 12h or 45m, a date such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z"

    /// - Returns: seconds since 1970; nil for a text in none of the `allowed` forms.
    package static func read(_ text: String, now: Double) -> Double? {
        if let age = age(text) { return now - age }
        guard isOnCalendar(text) else { return nil }
        let formatter = ISO8601DateFormatter()
        let forms: [ISO8601DateFormatter.Options] = [
            [.withFullDate], [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds],
        ]
        for form in forms {
            formatter.formatOptions = form
            // The date-only form must not accept a malformed time.
            guard form != [.withFullDate] || text.count == 10 else { continue }
            if let date = formatter.date(from: text) { return date.timeIntervalSince1970 }
        }
        return nil
    }

    /// Whether the date at the start of a text exists, and the time after it: the formatter accepts 30 February as a
    /// day in March.
    private static func isOnCalendar(_ text: String) -> Bool {
        guard let match = text.firstMatch(of: /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2}).*)?$/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3), (1...12).contains(month)
        else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        func fits(_ field: Substring?, limit: Int) -> Bool { field.flatMap { Int($0) }.map { $0 <= limit } ?? true }
        // A leap second is 60.
        return (1...days[month - 1]).contains(day) && fits(match.4, limit: 23) && fits(match.5, limit: 59)
            && fits(match.6, limit: 60)
    }

    /// Seconds of an age: a whole number of days, hours, minutes or seconds.
    package static func age(_ text: String) -> Double? {
        guard let unit = text.last, let scale = ["d": 86_400.0, "h": 3_600, "m": 60, "s": 1][unit],
            let count = Int(text.dropLast()), (0...36_500_000).contains(count)
        else { return nil }
        return Double(count) * scale
    }
}
