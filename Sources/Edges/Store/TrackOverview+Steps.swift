import SidetonePipeline

extension TrackOverview {
    /// One past its last step.
    var end: Int64 { first + Int64(count) }

    /// Its steps within a range; nil where there is none.
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

    /// Adds the steps that follow at once.
    mutating func append(_ next: TrackOverview) {
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

    private var gathered: TrackOverview?

    /// Steps that are held back.
    var count: Int { gathered?.count ?? 0 }

    /// Takes the steps that follow, and gives the pieces that are whole.
    mutating func add(_ overview: TrackOverview) -> [TrackOverview] {
        var all = overview
        if var gathered {
            gathered.append(overview)
            all = gathered
        }
        var pieces: [TrackOverview] = []
        while true {
            let border = (all.first / Self.steps + 1) * Self.steps
            guard all.end >= border, let piece = all.steps(in: all.first..<border) else { break }
            pieces.append(piece)
            guard let rest = all.steps(in: border..<all.end) else {
                gathered = nil
                return pieces
            }
            all = rest
        }
        gathered = all
        return pieces
    }

    /// What is held back: the track is over.
    mutating func finish() -> TrackOverview? {
        defer { gathered = nil }
        return gathered
    }
}
