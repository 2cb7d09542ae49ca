import SidetoneModel
import SidetonePipeline

/// Selects the signals for a subscriber; an empty list selects all.
struct EventFilter: Sendable {
    var calls: Set<String> = []
    var tracks: Set<String> = []
    /// As in CloudEvents, or the name without prefix, phase and version.
    var types: Set<String> = []

    func accepts(_ event: CloudEvent) -> Bool {
        (calls.isEmpty || calls.contains(event.stream.start.callID))
            && (tracks.isEmpty || event.signal.track.map { tracks.contains($0.rawValue) } ?? false)
            && (types.isEmpty || types.contains(event.signal.name) || types.contains(event.signal.type))
    }
}
