/// Size limits of documents.
public struct DocumentLimits: Sendable, Hashable {
    /// Maximum size in bytes.
    public var bytes: Int
    /// Maximum nesting depth.
    public var depth: Int
    /// Actions of a document, or steps of a SWML section.
    public var steps: Int

    public init(bytes: Int, depth: Int, steps: Int) {
        self.bytes = bytes
        self.depth = depth
        self.steps = steps
    }

    /// 1 MiB, 32 levels, 1,000 steps: Sidetone's limits, far above what a call needs; the platforms document none.
    public static let standard = DocumentLimits(bytes: 1 << 20, depth: 32, steps: 1_000)
}
