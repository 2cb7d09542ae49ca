package import SidetoneModel
package import SidetonePipeline
package import SidetoneServer
package import SidetoneWebhooks

/// A pipeline, as its file describes it.
package struct PipelineSettings: Sendable {
    /// Where live streams come from; nil in a file for recordings only.
    package var source: WebSocketSourceSettings?
    /// Where webhooks are received; nil where they are not.
    package var webhooks: WebhookSourceSettings?
    package var stream = StreamSettings()
    package var sinks: [SinkSettings] = []

    package init() {}
}

/// One sink of a pipeline: its name and its settings.
package struct SinkSettings: Sendable {
    package var name: String
    package var values: [String: SettingValue]

    package init(name: String, values: [String: SettingValue]) {
        self.name = name
        self.values = values
    }
}
