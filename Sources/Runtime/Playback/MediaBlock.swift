package import SidetoneModel

/// A few milliseconds of the audio of both sides of a call; blocks are contiguous.
package struct MediaBlock: Sendable, Hashable {
    /// Samples of the call before it.
    package var first: Int64
    /// Samples per second of both tracks.
    package var sampleRate: Int
    /// The caller's audio; as long as `outbound`.
    package var inbound: [Int16]
    /// The audio that the caller heard.
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

/// Receives the audio of an emulated call, such as a recorder. Blocks are contiguous and in order, from the answer to
/// the end, interleaved with the events of `CallEventHandler`.
package protocol MediaListener: Sendable {
    func handle(_ block: MediaBlock) async
}
