package import SidetoneModel
package import SidetoneTracks

/// How a track's packets have fared so far; told once a second of the track where a sink asks for it.
package struct TrackHealth: Sendable, Hashable {
    package var track: TrackRole
    package var counters: TrackCounters
    /// Packets that never came, by the mean length of those that did.
    package var lostPackets: Int
    /// RFC 3550 §6.4.1, over the arrival of messages against the platform's timestamps, in milliseconds; nil where
    /// either is not known.
    package var arrivalJitterMs: Double?

    package init(track: TrackRole, counters: TrackCounters, lostPackets: Int, arrivalJitterMs: Double?) {
        self.track = track
        self.counters = counters
        self.lostPackets = lostPackets
        self.arrivalJitterMs = arrivalJitterMs
    }
}
