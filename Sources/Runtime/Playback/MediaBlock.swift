package import SidetoneModel

/// What both sides of a call heard during a few milliseconds, one after another without holes.
package struct MediaBlock: Sendable, Hashable {
    /// Samples of the call before it.
    package var first: Int64
    /// Samples per second of both tracks.
    package var sampleRate: Int
    /// What the caller said; as long as `outbound`.
    package var inbound: [Int16]
    /// What the caller heard.
    package var outbound: [Int16]

    package init(first: Int64, sampleRate: Int, inbound: [Int16], outbound: [Int16]) {
        precondition(inbound.count == outbound.count, "both tracks of a block are equally long")
        self.first = first
        self.sampleRate = sampleRate
        self.inbound = inbound
        self.outbound = outbound
    }

    package var count: Int { inbound.count }

    package subscript(role: TrackRole) -> [Int16] { role == .inbound ? inbound : outbound }
}

/// Whoever listens to an emulated call, such as a recorder.
///
/// Blocks come in order and without holes, from the answer to the end, between the moments that `CallEventHandler` is told.
package protocol MediaListener: Sendable {
    func handle(_ block: MediaBlock) async
}
