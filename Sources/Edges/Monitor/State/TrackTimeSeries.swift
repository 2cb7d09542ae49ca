import SidetoneJSON
import SidetonePipeline

/// The history of a track in steps of `TrackOverview.stepMs`: eight bytes per step, for the last hour.
///
/// Values are stored with their displayed resolution: levels and F0 in tenths, samples in hundredths.
struct TrackTimeSeries {
    /// An hour, and the surplus that may accumulate before old steps are removed.
    static let limit = 36_000
    private static let surplus = 3_000

    /// The number of the first step kept, and one past the last.
    private(set) var first = 0
    var end: Int { first + level.count }

    private(set) var level: [Int16] = []
    private var peak: [Int16] = []
    private(set) var speech: [Bool] = []
    private var f0: [UInt16] = []
    private var low: [Int8] = []
    private var high: [Int8] = []

    /// - Parameter first: the number of the first step to keep.
    init(from first: Int = 0) { self.first = first }

    /// Appends a step; missing steps before it become silence, and repeated steps are ignored.
    ///
    /// - Parameter number: counted from the start of the call.
    mutating func append(_ step: OverviewSample, number: Int) {
        if number > end + Self.limit { self = TrackTimeSeries(from: number) }
        while end < number { append(level: -96, peak: -96, speech: false, f0: .nan, low: 0, high: 0) }
        guard number == end else { return }
        append(
            level: step.levelDBFS, peak: step.peakDBFS, speech: step.speech, f0: step.f0Hz, low: step.waveMin,
            high: step.waveMax)
        letGo()
    }

    /// Appends consecutive steps, as stored in a history.
    mutating func append(_ overview: TrackOverview) {
        for index in 0..<overview.count {
            let step = overview[index]
            append(step, number: Int(step.number))
        }
    }

    private mutating func letGo() {
        guard level.count > Self.limit + Self.surplus else { return }
        let gone = level.count - Self.limit
        first += gone
        level.removeFirst(gone)
        peak.removeFirst(gone)
        speech.removeFirst(gone)
        f0.removeFirst(gone)
        low.removeFirst(gone)
        high.removeFirst(gone)
    }

    private mutating func append(level: Float, peak: Float, speech: Bool, f0: Float, low: Float, high: Float) {
        self.level.append(Int16((max(-1_000, min(1_000, level)) * 10).rounded()))
        self.peak.append(Int16((max(-1_000, min(1_000, peak)) * 10).rounded()))
        self.speech.append(speech)
        self.f0.append(f0.isNaN ? 0 : UInt16((max(0, min(6_500, f0)) * 10).rounded()))
        self.low.append(Int8((max(-1, min(1, low)) * 100).rounded()))
        self.high.append(Int8((max(-1, min(1, high)) * 100).rounded()))
    }

    /// The level and the peak of the newest step in dBFS; nil before the first.
    var newest: (level: Double, peak: Double, speech: Bool)? {
        guard let level = level.last, let peak = peak.last, let speech = speech.last else { return nil }
        return (Double(level) / 10, Double(peak) / 10, speech)
    }

    /// Writes the steps of a range as members of an object, one array a value. The range is cut to what is kept.
    func write(_ range: Range<Int>, withWave: Bool = true, to json: inout JSONWriter) {
        let start = min(level.count, max(0, range.lowerBound - first))
        let indices = start..<max(start, min(level.count, range.upperBound - first))
        write("level_dbfs", indices: indices, to: &json) { $1.value(Double(level[$0]) / 10) }
        write("peak_dbfs", indices: indices, to: &json) { $1.value(Double(peak[$0]) / 10) }
        write("speech", indices: indices, to: &json) { $1.value(Int64(speech[$0] ? 1 : 0)) }
        write("f0_hz", indices: indices, to: &json) { f0[$0] == 0 ? $1.null() : $1.value(Double(f0[$0]) / 10) }
        guard withWave else { return }
        write("wave_min", indices: indices, to: &json) { $1.value(Double(low[$0]) / 100) }
        write("wave_max", indices: indices, to: &json) { $1.value(Double(high[$0]) / 100) }
    }

    private func write(
        _ name: String, indices: Range<Int>, to json: inout JSONWriter, write: (Int, inout JSONWriter) -> Void
    ) {
        json.key(name)
        json.beginArray()
        for index in indices { write(index, &json) }
        json.endArray()
    }
}
