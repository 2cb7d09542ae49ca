package import SidetoneAnalysis
package import SidetoneTracks

/// How streams are measured: the stages of a pipeline file.
package struct StreamSettings: Sendable, Equatable {
    package var timeline = TimelineSettings()
    package var analysis = AnalysisSettings()
    /// Whether the call's signals are made.
    package var makesSignals = true
    /// Whether the pipeline also receives webhooks, so that one is to come of every call; the receiver log says so.
    package var expectsWebhooks = false

    package init() {}

    /// The sets of measures that are shown, and those that only the signals read.
    var measuredFeatures: [String] {
        var names = analysis.features
        if makesSignals {
            for name in CallSignals.features(for: analysis) where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
