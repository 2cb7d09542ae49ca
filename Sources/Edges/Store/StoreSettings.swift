import GRDB
public import SidetoneModel

/// Where calls are remembered: the `store` sink of a pipeline file.
public struct StoreSettings: ComponentSettings {
    public var file = "calls.sqlite"

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting("file", \.file, "a path", "The SQLite file; made when it is missing.")
    ]
}
