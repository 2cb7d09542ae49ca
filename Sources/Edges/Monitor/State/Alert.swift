import SidetoneModel

/// Something of a call that somebody should look at, as long as it lasts.
struct Alert {
    let type: String
    var severity: String
    let track: TrackRole?
    let start: Double
    var end: Double?

    /// The signals that are alerts, with their severity where they do not tell it themselves.
    private static let severities = [
        "clipping": "warn", "dead_air": "warn", "hold_suspected": "warn", "level_low": "warn",
        "media.stalled": "alert", "one_way_audio": "alert", "overtalk": "warn", "packet_loss": "warn",
    ]

    /// The names of all alerts.
    static var types: some Collection<String> { severities.keys }

    /// - Returns: nil for a signal that is none.
    init?(_ signal: Signal) {
        guard let severity = Self.severity(of: signal), signal.phase == .started else { return nil }
        type = signal.name
        self.severity = severity
        track = signal.track
        start = signal.start
    }

    /// Whether a signal opens or closes an alert.
    static func concerns(_ signal: Signal) -> Bool { severity(of: signal) != nil }

    private static func severity(of signal: Signal) -> String? {
        guard let standard = severities[signal.name] else { return nil }
        for case let entry in signal.values where entry.name == "severity" {
            guard case .text(let told) = entry.value else { break }
            // People talk into each other all the time; only much of it is worth a look.
            return signal.name == "overtalk" && told != "alert" ? nil : told
        }
        return standard
    }

    func matches(_ signal: Signal) -> Bool { end == nil && type == signal.name && track == signal.track }
}
