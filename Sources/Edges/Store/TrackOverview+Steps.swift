import SidetoneModel
import SidetonePipeline

extension TrackOverview {
    /// The index after its last step.
    var end: Int64 { first + Int64(count) }

    /// Its steps within a range; nil if there are none.
    func steps(in range: Range<Int64>) -> TrackOverview? {
        let from = Int(max(0, range.lowerBound - first))
        let to = Int(min(Int64(count), range.upperBound - first))
        guard from < to else { return nil }
        var part = TrackOverview(role: role, first: first + Int64(from))
        part.levelDBFS = Array(levelDBFS[from..<to])
        part.peakDBFS = Array(peakDBFS[from..<to])
        part.speech = Array(speech[from..<to])
        part.f0Hz = Array(f0Hz[from..<to])
        part.waveMin = Array(waveMin[from..<to])
        part.waveMax = Array(waveMax[from..<to])
        return part
    }

    /// Appends the steps if they follow immediately.
    mutating func join(_ next: TrackOverview) {
        levelDBFS += next.levelDBFS
        peakDBFS += next.peakDBFS
        speech += next.speech
        f0Hz += next.f0Hz
        waveMin += next.waveMin
        waveMax += next.waveMax
    }
}

/// Cuts a track's overview into pieces that start at multiples of `OverviewPieces.steps`.
struct OverviewPieces {
    /// 10 s.
    static let steps: Int64 = 100

    private let role: TrackRole
    private var gathered: TrackOverview

    init(_ role: TrackRole) {
        self.role = role
        gathered = TrackOverview(role: role, first: 0)
    }

    /// Appends the next step and returns the piece that it completes or that ends before it.
    ///
    /// Missing steps become silence within a piece; pieces without any step are omitted.
    mutating func add(_ step: OverviewSample) -> TrackOverview? {
        var piece: TrackOverview?
        let start = step.number / Self.steps * Self.steps
        if start > gathered.first {
            if gathered.count > 0 { piece = gathered }
            gathered = TrackOverview(role: role, first: start)
        }
        gathered.append(step)
        guard piece == nil, gathered.count == Self.steps else { return piece }
        piece = gathered
        gathered = TrackOverview(role: role, first: start + Self.steps)
        return piece
    }

    /// The unfinished piece at the end of the track.
    mutating func finish() -> TrackOverview? {
        defer { gathered = TrackOverview(role: role, first: gathered.first + Int64(gathered.count)) }
        return gathered.count > 0 ? gathered : nil
    }
}
