package import CoreMetrics
import Synchronization

/// Holds the swift-metrics of the whole process for Prometheus.
///
///     MetricsSystem.bootstrap(MetricsRegistry.shared)
///
/// Bounded: only the labels `code`, `dialect`, `role` and `sink` are kept, and a name has at most `seriesLimit` series;
/// further ones are summed as `other`.
package final class MetricsRegistry: MetricsFactory {
    package static let shared = MetricsRegistry()
    static let seriesLimit = 100
    static let familyLimit = 500
    private static let labels: Set<String> = ["code", "dialect", "role", "sink"]

    struct Key: Hashable {
        var name: String
        /// Name and value, in order.
        var labels: [[String]]
    }

    private let cells = Mutex<[String: (kind: MetricsText.Kind, cells: [Key: MetricsCell])]>([:])

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, kind: .counter, dimensions: dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { cell(label, kind: .counter, dimensions: dimensions) }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, kind: .gauge, dimensions: dimensions)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        cell(label, kind: aggregate ? .histogram : .gauge, dimensions: dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label.hasSuffix("_seconds") ? label : "\(label)_seconds", kind: .histogram, dimensions: dimensions)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func cell(_ label: String, kind: MetricsText.Kind, dimensions: [(String, String)]) -> MetricsCell {
        var name = Self.name(label)
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        var labels = dimensions.filter { Self.labels.contains($0.0) }.map { [$0.0, $0.1] }
        labels.sort { $0[0] < $1[0] }
        return cells.withLock { families in
            // A name in use for another kind, or one too many: counted but not exported.
            if let family = families[name], family.kind != kind { return MetricsCell(kind) }
            if families[name] == nil {
                guard families.count < Self.familyLimit else { return MetricsCell(kind) }
                families[name] = (kind, [:])
            }
            var key = Key(name: name, labels: labels)
            if families[name]?.cells[key] == nil, (families[name]?.cells.count ?? 0) >= Self.seriesLimit - 1 {
                key.labels = labels.map { [$0[0], "other"] }
            }
            if let cell = families[name]?.cells[key] { return cell }
            let cell = MetricsCell(kind)
            families[name]?.cells[key] = cell
            return cell
        }
    }

    /// A valid Prometheus name: letters, digits and underscores.
    static func name(_ label: String) -> String {
        var name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(200))
        if name.first?.isNumber != false { name = "_\(name)" }
        return name
    }

    func write(to text: inout MetricsText) {
        let families = cells.withLock { $0 }
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.family(name, kind: family.kind, help: "Metric of swift-metrics with this name.")
            let sorted = family.cells.sorted { left, right in
                left.key.labels.lexicographicallyPrecedes(right.key.labels) { $0.lexicographicallyPrecedes($1) }
            }
            for (key, cell) in sorted { cell.write(name, labels: key.labels.map { ($0[0], $0[1]) }, to: &text) }
        }
    }
}
