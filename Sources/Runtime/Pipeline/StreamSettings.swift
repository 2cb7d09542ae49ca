public import SidetoneAnalysis
public import SidetoneTracks

/// How streams are measured: the stages of a pipeline file.
public struct StreamSettings: Sendable, Equatable {
    public var timeline = TimelineSettings()
    public var analysis = AnalysisSettings()
    /// Whether the call's signals are made.
    public var makesSignals = true
    /// Whether the pipeline also receives webhooks, so that one is to come of every call; the receiver log says so.
    public var expectsWebhooks = false

    public init() {}

    /// The sets of measures that are shown, and those that only the signals read.
    var measuredFeatures: [String] {
        var names = analysis.features
        if makesSignals {
            for name in CallSignals.features(for: analysis) where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
