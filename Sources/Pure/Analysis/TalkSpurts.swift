public import SidetoneModel

/// Turns probabilities into talk spurts with confirmed starts and ends.
///
/// A spurt opens when speech has lasted for the onset, and starts where that speech started; it closes when silence has
/// lasted for the hangover, and ends where that silence started.
public struct TalkSpurts: Sendable {
    public enum Change: Sendable, Hashable {
        /// A spurt opened; its first row lies in the past.
        case started(firstRow: Int64)
        /// The spurt ended; its last row lies in the past.
        case ended(firstRow: Int64, lastRow: Int64)
    }

    /// The probability from which a row counts as speech.
    var threshold: Float
    private let onsetRows: Int64
    private let hangoverRows: Int64
    private var row: Int64 = -1
    private var runStart: Int64?
    private var spurtStart: Int64?
    private var lastSpeech: Int64 = -1

    /// - Parameters:
    ///   - settings: onset and hangover.
    ///   - threshold: the probability from which a row counts as speech.
    public init(_ settings: DetectSettings, threshold: Float, grid: FrameGrid) {
        self.threshold = threshold
        let rowsPerMs = Double(grid.sampleRate) / Double(grid.hop) / 1000
        onsetRows = max(1, Int64((Double(settings.onsetMs) * rowsPerMs).rounded()))
        hangoverRows = max(1, Int64((Double(settings.hangoverMs) * rowsPerMs).rounded()))
    }

    /// Whether a spurt is currently open.
    public var isSpeech: Bool { spurtStart != nil }
    /// The first row of the open spurt.
    public var openSince: Int64? { spurtStart }

    /// Processes the next row's probability.
    public mutating func process(_ probability: Float) -> Change? {
        row += 1
        if probability >= threshold {
            lastSpeech = row
            if runStart == nil { runStart = row }
            guard spurtStart == nil, let runStart, row - runStart + 1 >= onsetRows else { return nil }
            spurtStart = runStart
            return .started(firstRow: runStart)
        }
        runStart = nil
        guard let spurtStart, row - lastSpeech >= hangoverRows else { return nil }
        self.spurtStart = nil
        return .ended(firstRow: spurtStart, lastRow: lastSpeech)
    }

    /// Ends the track: closes an open spurt at its last speech.
    public mutating func finish() -> Change? {
        guard let spurtStart else { return nil }
        self.spurtStart = nil
        return .ended(firstRow: spurtStart, lastRow: lastSpeech)
    }
}
