public import SidetoneModel
public import SidetonePipeline
public import SidetoneServer
public import SidetoneWebhooks

/// A pipeline, as its file describes it.
public struct PipelineSettings: Sendable {
    /// Where live streams come from; nil in a file for recordings only.
    public var source: WebSocketSourceSettings?
    /// Where webhooks are received; nil where they are not.
    public var webhooks: WebhookSourceSettings?
    public var stream = StreamSettings()
    public var sinks: [SinkSettings] = []

    public init() {}
}

/// One sink of a pipeline: its name and its settings.
public struct SinkSettings: Sendable {
    public var name: String
    public var values: [String: SettingValue]

    public init(name: String, values: [String: SettingValue]) {
        self.name = name
        self.values = values
    }
}
