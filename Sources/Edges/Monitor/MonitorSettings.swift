public import SidetoneModel

/// Where the monitoring channel listens: the `monitor` sink of a pipeline file.
public struct MonitorSettings: ComponentSettings {
    public var listen = "127.0.0.1:8080"

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting("listen", \.listen, "host:port", "Where to listen; port 0 takes a free one.")
    ]
}
