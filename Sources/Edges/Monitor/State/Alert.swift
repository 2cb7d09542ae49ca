import SidetoneModel
import SidetonePipeline

/// A problem of a call that needs attention while it lasts.
struct Alert {
    let type: String
    var severity: String
    let track: TrackRole?
    let start: Double
    var end: Double?

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
        guard let declaration = SignalDeclarations.named(signal.name), declaration.isAlert else { return nil }
        return declaration.severity(of: signal)?.rawValue
    }

    func matches(_ signal: Signal) -> Bool { end == nil && type == signal.name && track == signal.track }
}
