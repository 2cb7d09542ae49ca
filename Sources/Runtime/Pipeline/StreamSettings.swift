package import SidetoneAnalysis
package import SidetoneTracks

/// How streams are processed: the stages of a pipeline file.
package struct StreamSettings: Sendable, Equatable {
    package var timeline = TimelineSettings()
    package var analysis = AnalysisSettings()
    /// Whether the call's signals are computed.
    package var makesSignals = true
    /// Whether the pipeline also receives webhooks, so that one is expected for every call; logged by the receiver.
    package var expectsWebhooks = false

    package init() {}

    /// The features that are output, and those that only the signals read.
    var measuredFeatures: [String] {
        var names = analysis.features
        if makesSignals {
            for name in CallSignals.features(for: analysis) where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
