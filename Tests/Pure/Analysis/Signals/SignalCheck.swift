import SidetoneAnalysis
import SidetoneModel

/// What every sequence of signals must satisfy, whatever the call.
enum SignalCheck {
    private struct Key: Hashable {
        var name: String
        var track: TrackRole?
        /// Intervals of one name that may overlap on a track differ in this.
        var kind: Signal.Value?

        init(_ signal: Signal) {
            name = signal.name
            track = signal.track
            kind = signal.values.first { ["cause", "kind"].contains($0.name) }?.value
        }
    }

    private static func isAlert(_ signal: Signal) -> Bool {
        signal.values.contains(Signal.Entry("severity", .text("alert")))
    }

    /// One sentence for each rule that is broken; empty where all hold.
    ///
    /// - Parameter length: seconds of the longer track.
    static func problems(_ signals: [Signal], length: Double) -> [String] {
        var problems: [String] = []
        var open: [Key: Signal] = [:]
        var lastEnd: [Key: Double] = [:]
        var moments: Set<Signal> = []
        for signal in signals {
            let key = Key(signal)
            if let breach = SignalCatalog.named(signal.name)?.declaration.breach(by: signal) {
                problems.append("\(breach): \(signal)")
            }
            if !(signal.start >= 0 && signal.start <= length + 1e-9) { problems.append("starts outside: \(signal)") }
            if let end = signal.end, !(end >= signal.start && end <= length + 1e-9) {
                problems.append("ends outside of start…\(length): \(signal)")
            }
            if (signal.end == nil) != (signal.phase == .started) { problems.append("end and phase differ: \(signal)") }
            switch signal.phase {
            case .moment:
                if !moments.insert(signal).inserted { problems.append("reported twice: \(signal)") }
            case .started:
                // The same interval may be reported once more with a greater severity.
                let isRaised = open[key].map { $0.start == signal.start && !isAlert($0) && isAlert(signal) }
                if isRaised == false { problems.append("started twice: \(signal)") }
                if isRaised == nil, let last = lastEnd[key], signal.start < last - 1e-9 {
                    problems.append("reopens what ended at \(last): \(signal)")
                }
                open[key] = signal
            case .ended:
                if open[key]?.start != signal.start { problems.append("ends what did not start: \(signal)") }
                open[key] = nil
                lastEnd[key] = signal.end
            }
        }
        return problems + open.values.map { "never ended: \($0)" }
    }
}
