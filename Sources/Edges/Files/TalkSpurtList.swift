package import SidetoneModel
import SidetonePipeline

/// Speech of one track, from its confirmed start to its confirmed end.
package struct TalkSpurt: Sendable, Hashable {
    package var track: TrackRole
    /// Seconds on the call clock.
    package var start: Double
    package var end: Double
}

/// The talk spurts of a call, collected for formats that are written at its end.
struct TalkSpurtList {
    private var gathered: [TalkSpurt] = []

    mutating func append(_ output: StreamOutput) {
        guard case .signal(let signal) = output, signal.name == "speech", signal.phase == .ended,
            let track = signal.track, let end = signal.end, end > signal.start
        else { return }
        gathered.append(TalkSpurt(track: track, start: signal.start, end: end))
    }

    /// Sorted by start, then inbound first; spurts of one track never overlap, although the windows of their rows may.
    var inOrder: [TalkSpurt] {
        var ends = [0.0, 0.0]
        let sorted = gathered.sorted { ($0.start, $0.track.index) < ($1.start, $1.track.index) }
        return sorted.compactMap { spurt in
            var spurt = spurt
            spurt.start = max(spurt.start, ends[spurt.track.index])
            guard spurt.end > spurt.start else { return nil }
            ends[spurt.track.index] = spurt.end
            return spurt
        }
    }
}

/// Seconds as text with a fixed number of decimals.
func secondsText(_ seconds: Double, decimals: Int) -> String {
    var bytes: [UInt8] = []
    let scaled = (seconds * Double(FixedPoint.powers[decimals])).rounded()
    FixedPoint.append(scaled: Int64(scaled), decimals: decimals, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}
