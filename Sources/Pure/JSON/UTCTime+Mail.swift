extension UTCTime {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads the date of a mail (RFC 2822 §3.3), as Twilio's status callbacks carry it: `Wed, 04 Mar 2026 09:15:07 +0000`.
    ///
    /// The day of the week and the seconds may be missing; a zone is a difference, or `GMT` or `UT`. The day of the week is
    /// not held against the date.
    public init?(mail text: String) {
        var words = text.split(separator: " ", omittingEmptySubsequences: true)[...]
        if let first = words.first, first.hasSuffix(",") {
            guard Self.weekdays.contains(String(first.dropLast())) else { return nil }
            words.removeFirst()
        }
        let parts = Array(words)
        guard parts.count == 5, (1...2).contains(parts[0].utf8.count), parts[2].utf8.count == 4,
            let month = Self.months.firstIndex(of: String(parts[1])),
            let zone = Self.zone(parts[4])
        else { return nil }
        let day = parts[0].utf8.count == 1 ? "0\(parts[0])" : "\(parts[0])"
        let clock = parts[3].utf8.count == 5 ? "\(parts[3]):00" : "\(parts[3])"
        guard clock.utf8.count == 8 else { return nil }
        self.init("\(parts[2])-\(month < 9 ? "0" : "")\(month + 1)-\(day)T\(clock)\(zone)")
    }

    private static func zone(_ text: Substring) -> String? {
        switch text {
        case "GMT", "UT", "UTC": "Z"
        default: text.utf8.count == 5 ? String(text) : nil
        }
    }
}
