public import SidetoneModel

/// Merges the rows of a call's tracks on the call clock and gives the call's signals.
///
/// The order in which the two tracks' rows arrive does not matter: a step of the clock is taken when both tracks have
/// given its row, or when one of them is over.
public struct CallSignals {
    private struct Track {
        let grid: FrameGrid
        let probability: Int
        var spurts: TalkSpurts
    }

    private let settings: AnalysisSettings
    private var tracks: [Track?] = [nil, nil]

    /// The features whose columns the signals read; they are measured even where no sink shows them.
    public static func features(for settings: AnalysisSettings) -> [String] { ["speech"] }

    public init(settings: AnalysisSettings) { self.settings = settings }

    /// A track of the call exists: its rows follow.
    ///
    /// - Parameter columns: of the rows, with at least those of `features(for:)`.
    public mutating func open(_ role: TrackRole, grid: FrameGrid, columns: [Column]) throws(AnalysisError) {
        guard let probability = columns.firstIndex(where: { $0.name == "speech_probability" }) else {
            throw AnalysisError(.unknownName, "the rows have no column speech_probability")
        }
        let detector = try settings.detect.detector(on: grid)
        tracks[role.index] = Track(
            grid: grid, probability: probability,
            spurts: TalkSpurts(settings.detect, threshold: detector.threshold, grid: grid))
    }

    /// Takes the next row of a track.
    ///
    /// - Parameters:
    ///   - row: the row's number; one more than the track's last.
    ///   - values: shape `[columns]`.
    public mutating func process(_ role: TrackRole, row: Int64, _ values: Span<Float>, _ emit: (Signal) -> Void) {
        guard let probability = tracks[role.index]?.probability else { return }
        tell(tracks[role.index]?.spurts.process(values[probability]), role, emit)
    }

    /// A track is over: no row of it follows.
    public mutating func end(_ role: TrackRole, _ emit: (Signal) -> Void) {
        tell(tracks[role.index]?.spurts.finish(), role, emit)
        tracks[role.index] = nil
    }

    private func tell(_ change: TalkSpurts.Change?, _ role: TrackRole, _ emit: (Signal) -> Void) {
        guard let change, let grid = tracks[role.index]?.grid else { return }
        switch change {
        case .started(let first):
            emit(Signal("speech", .started, track: role, start: grid.start(ofRow: first).seconds))
        case .ended(let first, let last):
            emit(
                Signal(
                    "speech", .ended, track: role, start: grid.start(ofRow: first).seconds,
                    end: grid.end(ofRow: last).seconds))
        }
    }
}
