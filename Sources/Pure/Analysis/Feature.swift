public import SidetoneDSP
public import SidetoneModel

/// One set of measures: some columns of every row of a track.
///
/// To add one: a file in Features with the type, and a line in `FeatureCatalog`. Everything it allocates is made in
/// `init`; `process` writes into storage it is given.
public protocol Feature: SendableMetatype {
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// What it measures, in one line.
    static var summary: String { get }
    /// Where the formulas come from, and what the numbers were compared with.
    static var reference: String { get }
    /// What it reads of the shared spectrum.
    static var needs: FrameSpectrum.Needs { get }
    /// What a frame of it costs alone, its share of the spectrum included: ns of CPU time at the default grid and settings,
    /// as `Benchmarks/run-dsp.sh` last measured it on the machine that `FeatureCatalog.costMachine` names; nil where it
    /// has not been measured.
    static var costNs: (at8k: Int, at16k: Int)? { get }
    /// Whether it asks which push-button digit sounds: `hear` is then called before each frame.
    static var hearsDigits: Bool { get }
    /// Whether it finds facts: `takeFacts` is then called after each frame.
    static var findsFacts: Bool { get }
    /// Its columns, in order, with settings as they are by default; they may depend on the rate.
    static func columns(on grid: FrameGrid) -> [Column]
    /// Its columns, in order, where they depend on settings too; `columns(on:)` unless said otherwise.
    static func columns(for context: FeatureContext) -> [Column]

    /// - Throws: when the grid cannot carry it: what, and the ways out worked out.
    init(_ context: FeatureContext) throws(AnalysisError)

    /// How many rows it looks ahead: frame *i* finishes row *i − lookAhead*.
    var lookAhead: Int { get }

    /// Takes the next frame and writes the columns of the row `lookAhead` before it. The first `lookAhead` rows written
    /// are read by nobody.
    ///
    /// - Parameters:
    ///   - frame: shape `[window]`, linear samples, nominal range −1…1; the last `hop` of them are new.
    ///   - spectrum: what `needs` asks for, of the same frame.
    ///   - row: shape `[columns]`.
    mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float])

    /// The digit that sounds in the frame that is processed next.
    mutating func handle(_ digit: SoundingDigit)
    /// Hands over what it found in the frame processed last.
    mutating func drainFacts(row: Int64, into facts: inout [TrackFact])

    /// After the last frame: writes the next of the `lookAhead` rows still owed.
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
        preconditionFailure("a feature without look-ahead owes no row")
    }
}

/// What a feature is made for.
public struct FeatureContext: Sendable {
    /// The greatest sample of 16-bit audio: the ceiling of a track whose codec is not known to have a lower one.
    public static let fullScale: Float = 32_767.0 / 32_768

    public var grid: FrameGrid
    public var settings: AnalysisSettings
    /// The greatest magnitude that the track's codec gives, above 0: 32,124/32,768 for PCMU, 32,256/32,768 for PCMA.
    public var ceiling: Float

    public init(grid: FrameGrid, settings: AnalysisSettings, ceiling: Float = fullScale) {
        self.grid = grid
        self.settings = settings
        self.ceiling = ceiling
    }
}
