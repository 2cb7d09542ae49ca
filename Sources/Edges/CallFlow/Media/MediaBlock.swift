public import SidetoneModel

/// What both sides of a call heard during a few milliseconds, one after another without holes.
public struct MediaBlock: Sendable, Hashable {
    /// Samples of the call before it.
    public var first: Int64
    /// Samples per second of both tracks.
    public var sampleRate: Int
    /// What the caller said; as long as `outbound`.
    public var inbound: [Int16]
    /// What the caller heard.
    public var outbound: [Int16]

    public init(first: Int64, sampleRate: Int, inbound: [Int16], outbound: [Int16]) {
        precondition(inbound.count == outbound.count, "both tracks of a block are equally long")
        self.first = first
        self.sampleRate = sampleRate
        self.inbound = inbound
        self.outbound = outbound
    }

    public var count: Int { inbound.count }

    public subscript(role: TrackRole) -> [Int16] { role == .inbound ? inbound : outbound }
}

/// Whoever listens to an emulated call, such as a recorder.
///
/// Blocks come in order and without holes, from the answer to the end, between the moments that `FlowObserver` is told.
public protocol MediaListener: Sendable {
    func heard(_ block: MediaBlock) async
}
