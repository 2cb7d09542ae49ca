import SidetoneDSP
import SidetoneJSON
public import SidetoneModel

/// Turns the frames of one track into rows: the chosen features, side by side.
///
/// What several features share is computed once a frame. A row leaves when the feature that looks furthest ahead has
/// finished it, so its values never change afterwards.
///
/// Digital silence costs nothing for long: after `settleMs` of frames of nothing but zeros the features rest, and every
/// further such row repeats the last one, until a frame holds something else. That depends on the samples alone, so that
/// the silence of a gap and that of a recording give the same rows.
public struct FeatureExtractor {
    public let grid: FrameGrid
    /// The columns of every row, feature by feature.
    public let columns: [Column]

    private var features: [Slot] = []
    private var spectra: ThreadScratch<FrameSpectrum>
    private let lookAhead: Int
    /// The rows not yet complete, a ring of `lookAhead + 1` rows.
    private var pending: [Float]
    /// Where the newest frame's row lies in the ring.
    private var place = 0
    private var framesSeen: Int64 = 0
    /// Neighbouring frames of zeros up to now, counted as far as it matters.
    private var silentFrames = 0
    /// After so many of them the features rest.
    private let settleFrames: Int
    /// Where a feature asks for digits, or the signals do.
    private var listener: DigitListener?
    /// Frames at which the features stood still, which their positions do not count.
    private var restFrames: Int64 = 0
    /// What was found and not yet taken.
    private var facts: [TrackFact] = []
    /// For the frames that hold something that is no sample: a copy without it.
    private var spare: [Float]

    /// What every feature needs to forget the sound before a silence, in milliseconds: a stretch of zeros of up to a second
    /// may be lost packets, and music is judged by half of the last 3 s. Hangover comes on top.
    static let settleMs = 2_000.0

    private struct Slot {
        var feature: any Feature
        let firstColumn: Int
        let lookAhead: Int
        let hearsDigits: Bool
        let findsFacts: Bool
        /// The columns it wrote last.
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
    ///   - ceiling: the greatest magnitude that the track's codec gives; see `FeatureContext`.
    /// - Throws: `AnalysisError` for a name that does not exist or a grid that a feature cannot work on.
    public init(
        grid: FrameGrid, features names: [String], settings: AnalysisSettings, ceiling: Float = FeatureContext.fullScale
    ) throws(AnalysisError) {
        self.grid = grid
        if let problem = settings.gridProblem { throw AnalysisError(.impossibleGrid, problem) }
        // The grid may come from elsewhere than the settings.
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
                    .unknownName, "there is no feature \"\(name)\"; \(hint)There are \(names.joined(separator: ", "))")
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

    /// The columns that features give on a grid, feature by feature; names that do not exist are passed over.
    public static func columns(grid: FrameGrid, features names: [String], settings: AnalysisSettings) -> [Column] {
        let context = FeatureContext(grid: grid, settings: settings)
        return names.flatMap { FeatureCatalog.named($0)?.columns(for: context) ?? [] }
    }

    /// Takes the next frame; gives the row that it completes, if any.
    ///
    /// A sample that is not a number, is infinite or lies beyond `SampleCheck.limit` reads as 0 in every feature: a frame
    /// of nothing else reads as silence, and no later row differs.
    ///
    /// - Parameters:
    ///   - frame: shape `[window]`, linear samples, nominal range −1…1.
    ///   - emit: takes the row's number, from 0, and its values, shape `[columns]`.
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
        // At rest: every feature stands still and repeats what it wrote last.
        for index in features.indices { store(index) }
        restFrames += 1
        framesSeen += 1
        releaseRow(emit)
    }

    /// Takes a run of frames of zeros.
    ///
    /// - Parameters:
    ///   - count: how many frames.
    ///   - frame: one of them, shape `[window]`.
    ///   - emit: takes the rows that may differ from each other, one by one.
    ///   - found: takes what those rows' samples showed, after each of them.
    ///   - run: takes the numbers of the rows that follow, and the values of each of them.
    /// - Complexity: O(1) once the features rest.
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
        // All rows of the ring are equal by now.
        let first = framesSeen - Int64(lookAhead)
        framesSeen += left
        restFrames += left
        place = Int((Int64(place) + left) % Int64(lookAhead + 1))
        let start = place * columns.count
        run(first..<first + left, pending.span.extracting(start..<start + columns.count))
    }

    private mutating func processSound(_ frame: Span<Float>, emit: (Int64, Span<Float>) -> Void) {
        guard !SampleCheck.holds(frame) else { return measure(frame, emit: emit) }
        // Out of self while its own frame is measured; nothing is allocated.
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

    /// Hands over what was found since the last call, oldest first: each fact once.
    public mutating func drainFacts(_ emit: (TrackFact) -> Void) {
        guard !facts.isEmpty else { return }
        for fact in facts { emit(fact) }
        facts.removeAll(keepingCapacity: true)
    }

    /// The track is over: gives the rows still held back. Nothing follows but what `drainFacts` then hands over.
    ///
    /// - Parameter rest: the track's samples from the start of the first window that was not filled.
    public mutating func finish(rest: [Float] = [], _ emit: (Int64, Span<Float>) -> Void) {
        let row = framesSeen
        let known = framesSeen == 0 ? 0 : grid.window - grid.hop
        // Where it holds what is no sample, the end of the last frame is the track's.
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

    /// Moves new facts to where the samples lie: what the features did not see counts, too. Nothing that is found spans
    /// such a rest, which follows seconds of zeros.
    private mutating func shiftFacts(from first: Int) {
        guard restFrames > 0 else { return }
        for index in first..<facts.count { facts[index].shift(by: restFrames * Int64(grid.hop)) }
    }

    /// Puts what a feature wrote in the row that is its turn.
    private mutating func store(_ index: Int) {
        // Rows before the track's first land where nobody reads.
        let back = place - features[index].lookAhead
        let row = back < 0 ? back + lookAhead + 1 : back
        Rows.copy(features[index].values, into: &pending, at: row * columns.count + features[index].firstColumn)
    }

    /// Gives the row that the newest frame completed; none for the first `lookAhead` frames.
    private mutating func releaseRow(_ emit: (Int64, Span<Float>) -> Void) {
        // The newest frame's place is the ring's last free one: the next in turn is the oldest row.
        place = place == lookAhead ? 0 : place + 1
        let row = framesSeen - 1 - Int64(lookAhead)
        guard row >= 0 else { return }
        let start = place * columns.count
        emit(row, pending.span.extracting(start..<start + columns.count))
    }
}
