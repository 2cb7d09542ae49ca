public import SidetoneModel

/// Where webhooks and status callbacks are received, and actions are served: the `webhooks` source of a pipeline file.
public struct WebhookSourceSettings: ComponentSettings {
    public static let name = "webhooks"

    public var listen = "127.0.0.1:8444"

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting("listen", \.listen, "host:port", "Where to listen; port 0 takes a free one.")
    ]
}
