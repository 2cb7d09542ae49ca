import CoreMetrics
import SidetoneMonitor

/// The swift-metrics counters of the process.
package enum ProcessMetrics {
    /// Makes them available to the `monitor` sink. Called once per process, before anything is counted.
    package static func collect() { MetricsSystem.bootstrap(MetricsRegistry.shared) }
}
