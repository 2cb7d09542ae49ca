package import SidetoneModel
package import SidetonePipeline
package import SidetoneServer
package import SidetoneWebhooks

/// The settings of a pipeline.
package struct PipelineSettings: Sendable {
    /// The source of live streams; nil in a file for recordings only.
    package var source: WebSocketSourceSettings?
    /// The source of webhooks; nil without one.
    package var webhooks: WebhookSourceSettings?
    package var stream = StreamSettings()
    package var sinks: [SinkSettings] = []

    package init() {}
}

/// The name and settings of one sink.
package struct SinkSettings: Sendable {
    package var name: String
    package var values: [String: SettingValue]

    package init(name: String, values: [String: SettingValue]) {
        self.name = name
        self.values = values
    }
}
