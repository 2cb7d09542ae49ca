public import SidetoneDSP
public import SidetoneModel

/// A set of related columns in every row of a track.
///
/// To add one, write a file in Features with the type, and add a line to `FeatureCatalog`. Everything is allocated in
/// `init`; `process` writes into the storage passed to it.
public protocol Feature: SendableMetatype {
    /// The name in pipeline files.
    static var name: String { get }
    /// One line on what it measures.
    static var summary: String { get }
    /// The source of the formulas, and the implementations that the results were compared with.
    static var reference: String { get }
    /// The shared spectra that it reads.
    static var needs: FrameSpectrum.Needs { get }
    /// The cost per frame of this feature alone, including its share of the spectrum: CPU time in ns at the default
    /// grid and settings, as last measured by `Benchmarks/run-dsp.sh` on the machine named by
    /// `FeatureCatalog.costMachine`; nil if not measured.
    static var costNs: (at8k: Int, at16k: Int)? { get }
    /// Whether it needs the current DTMF digit: `handle(_:)` is then called before each frame.
    static var hearsDigits: Bool { get }
    /// Whether it finds facts: `drainFacts` is then called after each frame.
    static var findsFacts: Bool { get }
    /// Its columns, in order, with default settings; they may depend on the rate.
    static func columns(on grid: FrameGrid) -> [Column]
    /// Its columns, in order, where they depend on settings too; by default `columns(on:)`.
    static func columns(for context: FeatureContext) -> [Column]

    /// - Throws: an error with possible solutions when the grid is unsuitable.
    init(_ context: FeatureContext) throws(AnalysisError)

    /// Its look-ahead in rows: frame *i* completes row *i − lookAhead*.
    var lookAhead: Int { get }

    /// Processes the next frame and writes the columns of the row `lookAhead` before it. The first `lookAhead` rows
    /// written are discarded.
    ///
    /// - Parameters:
    ///   - frame: shape `[window]`, linear samples, nominal range −1…1; the last `hop` of them are new.
    ///   - spectrum: the spectra declared in `needs`, of the same frame.
    ///   - row: shape `[columns]`.
    mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float])

    /// Receives the digit that sounds in the next frame.
    mutating func handle(_ digit: SoundingDigit)
    /// Returns the facts found in the last frame.
    mutating func drainFacts(row: Int64, into facts: inout [TrackFact])

    /// After the last frame: writes the next of the remaining `lookAhead` rows.
    mutating func drain(into row: inout [Float])
}

extension Feature {
    public static var costNs: (at8k: Int, at16k: Int)? { nil }
    public static func columns(for context: FeatureContext) -> [Column] { columns(on: context.grid) }
    public static var hearsDigits: Bool { false }
    public static var findsFacts: Bool { false }
    public mutating func handle(_ digit: SoundingDigit) {}
    public mutating func drainFacts(row: Int64, into facts: inout [TrackFact]) {}
    public var lookAhead: Int { 0 }
    public mutating func drain(into row: inout [Float]) {
        preconditionFailure("a feature without look-ahead has no remaining rows")
    }
}

/// What a feature is initialised with.
public struct FeatureContext: Sendable {
    /// The largest 16-bit sample: the ceiling of a track whose codec is not known to have a lower one.
    public static let fullScale: Float = 32_767.0 / 32_768

    public var grid: FrameGrid
    public var settings: AnalysisSettings
    /// The largest magnitude that the track's codec can represent, above 0: 32,124/32,768 for PCMU, 32,256/32,768 for
    /// PCMA.
    public var ceiling: Float

    public init(grid: FrameGrid, settings: AnalysisSettings, ceiling: Float = fullScale) {
        self.grid = grid
        self.settings = settings
        self.ceiling = ceiling
    }
}
