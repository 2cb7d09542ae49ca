/// What a document may weigh.
public struct DocumentLimits: Sendable, Hashable {
    /// Bytes of the whole document.
    public var bytes: Int
    /// Objects and lists inside one another.
    public var depth: Int
    /// Actions of a document, or steps of a SWML section.
    public var steps: Int

    public init(bytes: Int, depth: Int, steps: Int) {
        self.bytes = bytes
        self.depth = depth
        self.steps = steps
    }

    /// 1 MiB, 32 levels, 1,000 steps: ours, far above what a call needs; no platform states its own.
    public static let standard = DocumentLimits(bytes: 1 << 20, depth: 32, steps: 1_000)
}
