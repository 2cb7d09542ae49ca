public import SidetoneModel
public import SidetoneTracks

/// How a track's packets have fared so far; told once a second of the track where a sink asks for it.
public struct TrackHealth: Sendable, Hashable {
    public var track: TrackRole
    public var counters: TrackCounters
    /// Packets that never came, by the mean length of those that did.
    public var lostPackets: Int
    /// RFC 3550 §6.4.1, over the arrival of messages against the platform's timestamps, in milliseconds; nil where
    /// either is not known.
    public var arrivalJitterMs: Double?

    public init(track: TrackRole, counters: TrackCounters, lostPackets: Int, arrivalJitterMs: Double?) {
        self.track = track
        self.counters = counters
        self.lostPackets = lostPackets
        self.arrivalJitterMs = arrivalJitterMs
    }
}
