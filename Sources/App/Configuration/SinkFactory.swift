import Logging
import SidetoneFiles
import SidetoneModel
import SidetonePipeline

/// A kind of sink that a pipeline file may name: its settings, and how it is made.
protocol SinkFactory: SendableMetatype {
    associatedtype Settings: ComponentSettings
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// What it does, in one line.
    static var summary: String { get }
    /// Whether it makes sense only while calls are running; `analyze` passes over it.
    static var isLiveOnly: Bool { get }
    /// The output directory whose folders and journal the sink shares with others of the same directory; nil where it
    /// writes no files of streams.
    static func directory(_ settings: Settings) -> String?
    /// Descriptors that each running stream needs.
    static func descriptorsPerStream(_ settings: Settings) -> Int
    /// Descriptors that it needs whatever runs: a database, a file at a time.
    static func descriptors(_ settings: Settings) -> Int
    /// Clients that may be connected to it at once; each may need a second descriptor, for a file that it downloads.
    static func connections(_ settings: Settings) -> Int
    /// - Throws: when what the settings name cannot be had.
    static func make(_ settings: Settings, place: SinkContext) throws -> any PipelineSink
}

extension SinkFactory {
    static var isLiveOnly: Bool { false }
    static func descriptorsPerStream(_ settings: Settings) -> Int { 0 }
    static func descriptors(_ settings: Settings) -> Int { 0 }
    static func connections(_ settings: Settings) -> Int { 0 }
    static func directory(_ settings: Settings) -> String? { nil }
}

/// What a sink is made with, apart from its settings.
struct SinkContext {
    /// The folders of the kind's `directory`.
    let folders: OutputFolders?
    /// Clients that may be connected to it at once, whatever its settings allow.
    let maxConnections: Int
    let logger: Logger
}

/// The sinks that write files of streams: one kind for every format.
enum FileSinkFactory<Format: FileFormat>: SinkFactory {
    static var name: String { Format.name }
    static var summary: String { Format.summary }
    static func directory(_ settings: Format.Settings) -> String? { settings.directory }
    static func descriptorsPerStream(_ settings: Format.Settings) -> Int { Format.openFiles(settings) }
    // A file of another stream that is written whole at its end, and its folder.
    static func descriptors(_ settings: Format.Settings) -> Int { 3 }

    static func make(_ settings: Format.Settings, place: SinkContext) throws -> any PipelineSink {
        let folders = place.folders ?? OutputFolders(directory: settings.directory, logger: place.logger)
        return Format.sink(settings, folders: folders, logger: place.logger)
    }
}
