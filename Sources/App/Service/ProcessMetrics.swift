import CoreMetrics
import SidetoneMonitor

/// What is counted by swift-metrics anywhere in the process.
package enum ProcessMetrics {
    /// Keeps it for the `monitor` sink to show. Once a process, before anything is counted.
    package static func collect() { MetricsSystem.bootstrap(MetricsRegistry.shared) }
}
