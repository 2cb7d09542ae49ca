public import SidetoneDSP
public import SidetoneModel

/// Estimates the probability of speech per frame.
///
/// To add one, write a file in Detectors with the type, and add a line to `SpeechDetectorCatalog`.
public protocol SpeechDetector: SendableMetatype {
    /// The name in pipeline files.
    static var name: String { get }
    static var summary: String { get }
    /// The shared spectra that it reads.
    static var needs: FrameSpectrum.Needs { get }
    /// The probability from which a frame counts as speech, 0…1.
    static var threshold: Float { get }

    init(grid: FrameGrid) throws(AnalysisError)
    /// For a detector that needs a network from `models`; others implement `init(grid:)` only.
    init(grid: FrameGrid, models: SpeechModels) throws(AnalysisError)

    /// Its look-ahead in rows.
    var lookAhead: Int { get }
    /// Processes the next frame and returns the probability, 0…1, of the row `lookAhead` before it.
    mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum) -> Float
    /// After the last frame: returns the next of the remaining `lookAhead` probabilities.
    mutating func drain() -> Float
    /// The probability of music in the last row returned, 0…1; not a number if the detector does not report it.
    var musicProbability: Float { get }
    /// The probability of a call progress tone, a digit or another tone, 0…1; not a number if it does not report it.
    var toneProbability: Float { get }
}

extension SpeechDetector {
    public var lookAhead: Int { 0 }
    public init(grid: FrameGrid, models: SpeechModels) throws(AnalysisError) { try self.init(grid: grid) }
    public var musicProbability: Float { .nan }
    public var toneProbability: Float { .nan }
    public mutating func drain() -> Float { preconditionFailure("a detector without look-ahead has no remaining rows") }
}

/// Every detector that a pipeline file may name.
public enum SpeechDetectorCatalog {
    /// One detector per line, in alphabetical order, so that concurrent additions do not conflict.
    public static let all: [any SpeechDetector.Type] = [
        SileroDetector.self,
        StatisticalDetector.self,
    ]

    /// Looks up a detector by name; `default` is the recommended one.
    public static func named(_ name: String) -> (any SpeechDetector.Type)? {
        name == "default" ? StatisticalDetector.self : all.first { $0.name == name }
    }
}
