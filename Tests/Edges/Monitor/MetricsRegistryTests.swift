import CoreMetrics
import Testing

@testable import SidetoneMonitor

@Suite struct MetricsRegistryTests {
    private func text(_ registry: MetricsRegistry) -> String {
        var text = MetricsText()
        registry.write(to: &text)
        return text.text
    }

    @Test func `counters, gauges and timers are written in Prometheus' format`() {
        let registry = MetricsRegistry()
        Counter(label: "sidetone_calls", dimensions: [("dialect", "twilio")], factory: registry).increment(by: 3)
        Gauge(label: "sidetone_places", factory: registry).record(2.5)
        let timer = Timer(label: "sidetone_wait", factory: registry)
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(3_000_000_000)
        let text = text(registry)
        for line in [
            "# TYPE sidetone_calls_total counter", "sidetone_calls_total{dialect=\"twilio\"} 3",
            "# TYPE sidetone_places gauge", "sidetone_places 2.5", "# TYPE sidetone_wait_seconds histogram",
            "sidetone_wait_seconds_bucket{le=\"0.001\"} 0", "sidetone_wait_seconds_bucket{le=\"0.0025\"} 1",
            "sidetone_wait_seconds_bucket{le=\"5\"} 2", "sidetone_wait_seconds_bucket{le=\"+Inf\"} 2",
            "sidetone_wait_seconds_sum 3.002", "sidetone_wait_seconds_count 2",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
    }

    @Test func `unbounded labels are dropped, and the number of series is limited`() {
        let registry = MetricsRegistry()
        for number in 0..<(MetricsRegistry.seriesLimit * 2) {
            Counter(label: "calls", dimensions: [("call", "CA\(number)"), ("code", "c\(number)")], factory: registry)
                .increment()
        }
        let lines = text(registry).split(separator: "\n").filter { $0.hasPrefix("calls_total{") }
        #expect(lines.count == MetricsRegistry.seriesLimit)
        #expect(!lines.contains { $0.contains("call=") })
        #expect(lines.contains { $0 == "calls_total{code=\"other\"} \(MetricsRegistry.seriesLimit + 1)" })
    }

    @Test func `handlers with the same name and labels share one series`() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 { Counter(label: "shared", factory: registry).increment() }
                }
            }
        }
        #expect(text(registry).contains("shared_total 8000\n"))
    }

    @Test func `names and values are escaped`() {
        var text = MetricsText()
        text.family("a", kind: .gauge, help: "one\ntwo \\ \"three\"")
        text.sample("a", labels: [("code", "x\"y\\z\n")], value: .nan)
        #expect(text.text == "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na{code=\"x\\\"y\\\\z\\n\"} NaN\n")
        #expect(MetricsRegistry.name("9 lives.of-cats") == "_9_lives_of_cats")
    }
}
