import Logging
import SidetoneFiles
import SidetoneModel
import SidetonePipeline

/// A kind of sink that a pipeline file may name: its settings and its construction.
protocol SinkFactory: SendableMetatype {
    associatedtype Settings: ComponentSettings
    /// The name in pipeline files.
    static var name: String { get }
    /// The one-line description.
    static var summary: String { get }
    /// Whether it is for live calls only; `analyze` skips it.
    static var isLiveOnly: Bool { get }
    /// The output directory, whose folders and journal are shared by all its sinks; nil for sinks without files per
    /// stream.
    static func directory(_ settings: Settings) -> String?
    /// Descriptors per active stream.
    static func descriptorsPerStream(_ settings: Settings) -> Int
    /// Descriptors regardless of streams, such as a database.
    static func descriptors(_ settings: Settings) -> Int
    /// Maximum concurrent clients; each may need a second descriptor for a download.
    static func connections(_ settings: Settings) -> Int
    /// - Throws: when a resource named in the settings is not available.
    static func make(_ settings: Settings, place: SinkContext) throws -> any PipelineSink
}

extension SinkFactory {
    static var isLiveOnly: Bool { false }
    static func descriptorsPerStream(_ settings: Settings) -> Int { 0 }
    static func descriptors(_ settings: Settings) -> Int { 0 }
    static func connections(_ settings: Settings) -> Int { 0 }
    static func directory(_ settings: Settings) -> String? { nil }
}

/// The context in which a sink is created.
struct SinkContext {
    /// The folders of the sink's `directory`.
    let folders: OutputFolders?
    /// Maximum concurrent clients, regardless of its settings.
    let maxConnections: Int
    let logger: Logger
}

/// The sinks that write files per stream: one per format.
enum FileSinkFactory<Format: FileFormat>: SinkFactory {
    static var name: String { Format.name }
    static var summary: String { Format.summary }
    static func directory(_ settings: Format.Settings) -> String? { settings.directory }
    static func descriptorsPerStream(_ settings: Format.Settings) -> Int { Format.openFiles(settings) }
    // A file that another stream writes completely at its end, and its folder.
    static func descriptors(_ settings: Format.Settings) -> Int { 3 }

    static func make(_ settings: Format.Settings, place: SinkContext) throws -> any PipelineSink {
        let folders = place.folders ?? OutputFolders(directory: settings.directory, logger: place.logger)
        return Format.sink(settings, folders: folders, logger: place.logger)
    }
}
