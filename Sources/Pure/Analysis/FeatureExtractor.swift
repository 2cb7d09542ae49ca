import SidetoneDSP
import SidetoneJSON
public import SidetoneModel

/// Turns the frames of one track into rows of the chosen features.
///
/// Spectra that several features share are computed once per frame. A row is emitted when the feature with the longest
/// look-ahead has completed it, so its values never change afterwards.
///
/// Long digital silence costs nothing: after `settleMs` of all-zero frames the features are suspended, and every
/// further such row repeats the last one until a frame contains something else. This depends on the samples alone, so
/// the silence of a gap and that of a recording give the same rows.
public struct FeatureExtractor {
    public let grid: FrameGrid
    /// The columns of every row, feature by feature.
    public let columns: [Column]

    private var features: [Slot] = []
    private var spectra: ThreadScratch<FrameSpectrum>
    private let lookAhead: Int
    /// The incomplete rows, a ring of `lookAhead + 1` rows.
    private var pending: [Float]
    /// The newest frame's row in the ring.
    private var slot = 0
    private var framesSeen: Int64 = 0
    /// Consecutive all-zero frames so far, counted up to the limit.
    private var silentFrames = 0
    /// The number of all-zero frames after which the features are suspended.
    private let settleFrames: Int
    /// Present if a feature or the signals need digits.
    private var listener: DigitListener?
    /// Frames skipped while the features were suspended, which their positions do not include.
    private var restFrames: Int64 = 0
    /// Facts found and not yet returned.
    private var facts: [TrackFact] = []
    /// A copy of a frame without its invalid samples.
    private var spare: [Float]

    /// The time that every feature needs to forget the sound before a silence, in milliseconds: a stretch of zeros of
    /// up to a second may be lost packets, and music is decided by half of the last 3 s. The hangover is added.
    static let settleMs = 2_000.0

    private struct Slot {
        var feature: any Feature
        let firstColumn: Int
        let lookAhead: Int
        let hearsDigits: Bool
        let findsFacts: Bool
        /// The columns written last.
        var values: [Float]

        mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum) {
            feature.process(frame, spectrum: spectrum, into: &values)
        }

        mutating func drain() {
            feature.drain(into: &values)
        }
    }

    /// - Parameters:
    ///   - features: names from `FeatureCatalog`, in the order of their columns.
    ///   - ceiling: the largest magnitude that the track's codec can represent; see `FeatureContext`.
    /// - Throws: `AnalysisError` for an unknown name or a grid that a feature does not support.
    public init(
        grid: FrameGrid, features names: [String], settings: AnalysisSettings, ceiling: Float = FeatureContext.fullScale
    ) throws(AnalysisError) {
        self.grid = grid
        if let problem = settings.gridProblem { throw AnalysisError(.impossibleGrid, problem) }
        // The grid may not come from the settings.
        guard grid.hop <= grid.window else {
            throw AnalysisError(
                .impossibleGrid,
                "a hop of \(grid.hop) samples and a window of \(grid.window): the samples between two windows would be "
                    + "in no row; set hop_ms to window_ms or less")
        }
        var needs: FrameSpectrum.Needs = []
        var columns: [Column] = []
        let context = FeatureContext(grid: grid, settings: settings, ceiling: ceiling)
        for name in names {
            guard let type = FeatureCatalog.named(name) else {
                let names = FeatureCatalog.all.map { $0.name }
                let hint = NearestWord.question(name, in: names).map { $0 + " " } ?? ""
                throw AnalysisError(
                    .unknownName, "there is no feature \"\(name)\"; \(hint)Available: \(names.joined(separator: ", "))")
            }
            let own = type.columns(for: context)
            let feature = try type.init(context)
            features.append(
                Slot(
                    feature: feature, firstColumn: columns.count, lookAhead: feature.lookAhead,
                    hearsDigits: type.hearsDigits, findsFacts: type.findsFacts,
                    values: [Float](repeating: 0, count: own.count)))
            columns += own
            needs.formUnion(type.needs)
            if type.hearsDigits && listener == nil { listener = DigitListener(context) }
        }
        self.columns = columns
        lookAhead = features.map(\.lookAhead).max() ?? 0
        let settleSeconds = (Self.settleMs + Double(settings.detect.hangoverMs)) / 1_000
        settleFrames = Int((settleSeconds * Double(grid.sampleRate) / Double(grid.hop)).rounded(.up)) + lookAhead
        pending = [Float](repeating: 0, count: (lookAhead + 1) * max(1, columns.count))
        spare = [Float](repeating: 0, count: grid.window)
        spectra = FrameSpectrum.shared(
            window: grid.window, sampleRate: grid.sampleRate, needs: needs, mel: settings.mel)
    }

    /// The columns of the features on a grid, in order; unknown names are ignored.
    public static func columns(grid: FrameGrid, features names: [String], settings: AnalysisSettings) -> [Column] {
        let context = FeatureContext(grid: grid, settings: settings)
        return names.flatMap { FeatureCatalog.named($0)?.columns(for: context) ?? [] }
    }

    /// Processes the next frame and emits the row that it completes, if any.
    ///
    /// A sample that is not a number, is infinite or exceeds `SampleCheck.limit` reads as 0 in every feature: a frame
    /// of only such samples reads as silence, and no later row is affected.
    ///
    /// - Parameters:
    ///   - frame: shape `[window]`, linear samples, nominal range −1…1.
    ///   - emit: receives the row's index, from 0, and its values, shape `[columns]`.
    public mutating func process(_ frame: Span<Float>, emit: (Int64, Span<Float>) -> Void) {
        guard SampleCheck.isSilent(frame) else {
            silentFrames = 0
            return processSound(frame, emit: emit)
        }
        if silentFrames < settleFrames {
            silentFrames += 1
            return processSound(frame, emit: emit)
        }
        silentFrames = min(silentFrames + 1, settleFrames + lookAhead + 1)
        // Suspended: every feature repeats its last output.
        for index in features.indices { store(index) }
        restFrames += 1
        framesSeen += 1
        releaseRow(emit)
    }

    /// Processes a run of all-zero frames.
    ///
    /// - Parameters:
    ///   - count: the number of frames.
    ///   - frame: one of them, shape `[window]`.
    ///   - emit: receives the rows that may differ from each other, one by one.
    ///   - found: receives the facts of those rows, after each of them.
    ///   - run: receives the indices of the rows that follow, and the values of each of them.
    /// - Complexity: O(1) once the features are suspended.
    public mutating func processSilence(
        _ count: Int64, frame: Span<Float>, emit: (Int64, Span<Float>) -> Void, found: (TrackFact) -> Void,
        run: (Range<Int64>, Span<Float>) -> Void
    ) {
        var left = count
        while left > 0, silentFrames <= settleFrames + lookAhead {
            process(frame, emit: emit)
            drainFacts(found)
            left -= 1
        }
        guard left > 0 else { return }
        // All rows of the ring are equal at this point.
        let first = framesSeen - Int64(lookAhead)
        framesSeen += left
        restFrames += left
        slot = Int((Int64(slot) + left) % Int64(lookAhead + 1))
        let start = slot * columns.count
        run(first..<first + left, pending.span.extracting(start..<start + columns.count))
    }

    private mutating func processSound(_ frame: Span<Float>, emit: (Int64, Span<Float>) -> Void) {
        guard !SampleCheck.holds(frame) else { return measure(frame, emit: emit) }
        // Moved out of self while its own frame is processed; nothing is allocated.
        var clean: [Float] = []
        swap(&clean, &spare)
        SampleCheck.clean(frame, into: &clean)
        measure(clean.span, emit: emit)
        swap(&clean, &spare)
    }

    private mutating func measure(_ frame: Span<Float>, emit: (Int64, Span<Float>) -> Void) {
        let spectrum = spectra.own()
        spectrum.analyze(frame)
        let row = framesSeen
        let known = facts.count
        listener?.process(frame, spectrum: spectrum, row: row, into: &facts)
        let digit = listener?.sounding ?? SoundingDigit()
        for index in features.indices {
            if features[index].hearsDigits { features[index].feature.handle(digit) }
            features[index].process(frame, spectrum: spectrum)
            if features[index].findsFacts { features[index].feature.drainFacts(row: row, into: &facts) }
            store(index)
        }
        shiftFacts(from: known)
        framesSeen += 1
        releaseRow(emit)
    }

    /// Returns the facts found since the last call, oldest first, each once.
    public mutating func drainFacts(_ emit: (TrackFact) -> Void) {
        guard !facts.isEmpty else { return }
        for fact in facts { emit(fact) }
        facts.removeAll(keepingCapacity: true)
    }

    /// Ends the track: emits the remaining rows. Only the facts that `drainFacts` then returns follow.
    ///
    /// - Parameter rest: the track's samples from the start of the first incomplete window.
    public mutating func finish(rest: [Float] = [], _ emit: (Int64, Span<Float>) -> Void) {
        let row = framesSeen
        let known = framesSeen == 0 ? 0 : grid.window - grid.hop
        // If it contains invalid samples, the track ends with the last frame.
        let new = rest.count > known && SampleCheck.holds(rest.span) ? known..<rest.count : 0..<0
        let found = facts.count
        listener?.finish(rest.span.extracting(new), row: row, into: &facts)
        shiftFacts(from: found)
        let frames = framesSeen
        for _ in 0..<lookAhead {
            for index in features.indices where framesSeen - Int64(features[index].lookAhead) < frames {
                features[index].drain()
                store(index)
            }
            framesSeen += 1
            releaseRow(emit)
        }
    }

    /// Shifts new facts to the positions of their samples, including the frames that the features skipped. No fact
    /// spans such a suspension, which follows seconds of zeros.
    private mutating func shiftFacts(from first: Int) {
        guard restFrames > 0 else { return }
        for index in first..<facts.count { facts[index].shift(by: restFrames * Int64(grid.hop)) }
    }

    /// Writes a feature's output to the row that it belongs to.
    private mutating func store(_ index: Int) {
        // Rows before the start of the track are discarded.
        let back = slot - features[index].lookAhead
        let row = back < 0 ? back + lookAhead + 1 : back
        Rows.copy(features[index].values, into: &pending, at: row * columns.count + features[index].firstColumn)
    }

    /// Emits the row that the newest frame completed; none for the first `lookAhead` frames.
    private mutating func releaseRow(_ emit: (Int64, Span<Float>) -> Void) {
        // The newest frame's row is the last free one of the ring: the next in turn is the oldest.
        slot = slot == lookAhead ? 0 : slot + 1
        let row = framesSeen - 1 - Int64(lookAhead)
        guard row >= 0 else { return }
        let start = slot * columns.count
        emit(row, pending.span.extracting(start..<start + columns.count))
    }
}
