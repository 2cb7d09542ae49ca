/// The faults injected into the messages of a stream, for comparison with its receiver's counters.
package struct FaultCounts: Sendable, Hashable, CustomStringConvertible {
    /// Media messages.
    package var dropped = 0
    package var reordered = 0
    package var duplicated = 0
    /// Media messages delayed by jitter.
    package var jittered = 0
    /// Messages shifted by clock drift.
    package var drifted = 0
    /// Media messages before `start`.
    package var early = 0
    /// Messages delayed by a stall.
    package var stalled = 0
    /// Connections reset.
    package var cuts = 0
    package var stopsOmitted = 0
    package var secondSockets = 0
    package var wrongCodecs = 0

    package init() {}

    /// All counts by name, in the order of the plan.
    package var all: [(name: String, count: Int)] {
        [
            ("dropped", dropped), ("reordered", reordered), ("duplicated", duplicated),
            ("jittered", jittered), ("drifted", drifted), ("early", early), ("stalled", stalled), ("cut", cuts),
            ("stops_omitted", stopsOmitted), ("second_sockets", secondSockets),
            ("wrong_codecs", wrongCodecs),
        ]
    }

    /// The non-zero counts: `dropped 3, cut 1`.
    package var description: String {
        let some = all.filter { $0.count > 0 }.map { "\($0.name) \($0.count)" }
        return some.isEmpty ? "none" : some.joined(separator: ", ")
    }

    package mutating func add(_ other: FaultCounts) {
        dropped += other.dropped
        reordered += other.reordered
        duplicated += other.duplicated
        jittered += other.jittered
        drifted += other.drifted
        early += other.early
        stalled += other.stalled
        cuts += other.cuts
        stopsOmitted += other.stopsOmitted
        secondSockets += other.secondSockets
        wrongCodecs += other.wrongCodecs
    }
}
