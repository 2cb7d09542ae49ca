package import SidetoneModel
package import SidetoneTracks

/// The statistics of a track's packets so far; reported once per second of the track if a sink accepts it.
package struct TrackHealth: Sendable, Hashable {
    package var track: TrackRole
    package var counters: TrackCounters
    /// Missing packets, estimated by the mean duration of those received.
    package var lostPackets: Int
    /// RFC 3550 §6.4.1, from message arrival times and the platform's timestamps, in milliseconds; nil if either is
    /// unknown.
    package var arrivalJitterMs: Double?

    package init(track: TrackRole, counters: TrackCounters, lostPackets: Int, arrivalJitterMs: Double?) {
        self.track = track
        self.counters = counters
        self.lostPackets = lostPackets
        self.arrivalJitterMs = arrivalJitterMs
    }
}
