public import SidetoneDSP
public import SidetoneModel

/// Tells how likely a frame holds speech.
///
/// To add one: a file in Detectors with the type, and a line in `SpeechDetectorCatalog`.
public protocol SpeechDetector: SendableMetatype {
    /// The word users write in a pipeline file.
    static var name: String { get }
    static var summary: String { get }
    /// What it reads of the shared spectrum.
    static var needs: FrameSpectrum.Needs { get }
    /// The probability from which a frame counts as speech, 0…1.
    static var threshold: Float { get }

    init(grid: FrameGrid) throws(AnalysisError)
    /// For a detector that needs a network: takes it from `models`. All others leave this to `init(grid:)`.
    init(grid: FrameGrid, models: SpeechModels) throws(AnalysisError)

    /// How many rows it looks ahead.
    var lookAhead: Int { get }
    /// Takes the next frame; gives the probability, 0…1, of the row `lookAhead` before it.
    mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum) -> Float
    /// After the last frame: gives the next of the `lookAhead` probabilities still owed.
    mutating func drain() -> Float
    /// How likely the row last answered for holds music, 0…1; not a number where the detector does not tell.
    var musicProbability: Float { get }
    /// How likely it holds a call progress tone, a digit or another tone, 0…1; not a number where it does not tell.
    var toneProbability: Float { get }
}

extension SpeechDetector {
    public var lookAhead: Int { 0 }
    public init(grid: FrameGrid, models: SpeechModels) throws(AnalysisError) { try self.init(grid: grid) }
    public var musicProbability: Float { .nan }
    public var toneProbability: Float { .nan }
    public mutating func drain() -> Float { preconditionFailure("a detector without look-ahead owes no row") }
}

/// Every detector that a pipeline file may name.
public enum SpeechDetectorCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    public static let all: [any SpeechDetector.Type] = [
        SileroDetector.self,
        StatisticalDetector.self,
    ]

    /// The detector that a name stands for; `default` is the best one here.
    public static func named(_ name: String) -> (any SpeechDetector.Type)? {
        name == "default" ? StatisticalDetector.self : all.first { $0.name == name }
    }
}
