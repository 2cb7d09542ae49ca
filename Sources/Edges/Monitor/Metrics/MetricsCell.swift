import CoreMetrics
import Synchronization

/// One series: a counter, a gauge or a histogram.
final class MetricsCell: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// The bucket bounds of a histogram in seconds, for durations from 0.1 ms to 10 s.
    static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    private struct State {
        var value = 0.0
        /// For each bound, the number of values at most as large and above the previous bound.
        var buckets: [Int] = []
        var count = 0
    }

    private let kind: MetricsText.Kind
    private let state: Mutex<State>

    init(_ kind: MetricsText.Kind) {
        self.kind = kind
        state = Mutex(
            State(buckets: kind == .histogram ? [Int](repeating: 0, count: Self.bounds.count) : []))
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }
    /// A counter restarts only with its process; Prometheus interprets a decrease as a restart.
    func reset() { state.withLock { $0.value = 0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard kind == .histogram else { return set(value) }
        guard !value.isNaN else { return }
        state.withLock { state in
            state.value += value
            state.count += 1
            if let bucket = Self.bounds.firstIndex(where: { value <= $0 }) { state.buckets[bucket] += 1 }
        }
    }

    private func add(_ amount: Double) {
        guard kind != .counter || amount > 0 else { return }
        state.withLock { $0.value += amount }
    }

    func write(_ name: String, labels: [(String, String)], to text: inout MetricsText) {
        let state = state.withLock { $0 }
        guard kind == .histogram else { return text.sample(name, labels: labels, value: state.value) }
        var sum = 0
        let counts = state.buckets.map { count in
            sum += count
            return sum
        }
        text.histogram(name, labels: labels, bounds: Self.bounds, counts: counts, count: state.count, sum: state.value)
    }
}
