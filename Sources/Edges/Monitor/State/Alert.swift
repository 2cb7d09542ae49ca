import SidetoneModel
import SidetonePipeline

/// A problem of a call that needs attention while it lasts.
struct Alert {
    let type: String
    var severity: String
    let track: TrackRole?
    let start: Double
    var end: Double?

    /// The signals that are alerts, with the severity of those that do not state it.
    private static let severities = [
        "clipping": "warn", "dead_air": "warn", "hold_suspected": "warn", "level_low": "warn",
        "media.stalled": "alert", "one_way_audio": "alert", "overtalk": "warn", "packet_loss": "warn",
    ]

    /// The names of all alerts.
    static let types = SignalDeclarations.all.filter(\.isAlert).map(\.name)

    /// - Returns: nil if the signal is not an alert.
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
            guard case .text(let severity) = entry.value else { break }
            // Brief overtalk is normal; only long overtalk is an alert.
            return signal.name == "overtalk" && severity != "alert" ? nil : severity
        }
        return standard
    }

    func matches(_ signal: Signal) -> Bool { end == nil && type == signal.name && track == signal.track }
}
