package import Logging
package import SidetoneModel
package import SidetonePipeline

/// What one kind of file sink writes of one stream; made at the stream's opening, driven in order, without waiting.
package protocol FileFormat: AnyObject, SendableMetatype {
    associatedtype Settings: FileSettings
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// What it writes, in one line.
    static var summary: String { get }
    static var kinds: PipelineItem.Kinds { get }
    /// The names of all files that it may write of a stream.
    static var fileNames: [String] { get }
    /// How long outputs may gather before they are written; with what gathers before and behind, less than a second is
    /// lost to a kill.
    static var interval: Duration { get }
    /// Files that are open as long as a stream of two tracks is.
    static func openFiles(_ settings: Settings) -> Int
    /// Whether a file that could not be written at the stream's end is tried again later: it needs nothing but the summary.
    static var isRetried: Bool { get }
    init(_ stream: StreamInfo, _ settings: Settings, _ files: StreamFiles) throws(FileError)
    /// Takes the next output of the stream; never its opening or its end.
    func append(_ output: StreamOutput) throws(FileError)
    /// Nothing follows.
    ///
    /// - Parameter summary: nil when the sink was closed before the stream's end.
    func finish(_ summary: StreamSummary?) throws(FileError)
}

extension FileFormat {
    package static var interval: Duration { .milliseconds(100) }
    package static var isRetried: Bool { false }
    package static func openFiles(_ settings: Settings) -> Int { 1 }

    /// The sink of this format.
    package static func sink(_ settings: Settings, folders: OutputFolders, logger: Logger) -> any PipelineSink {
        FileSink<Self>(settings, folders, logger)
    }
}

/// The settings of a sink that writes files.
package protocol FileSettings: ComponentSettings {
    /// The output directory: sinks with the same one share its `OutputFolders`.
    var directory: String { get }
}

/// The settings of a sink that has nothing to choose but where it writes.
package struct DirectorySettings: FileSettings {
    package var directory = "out"

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; each stream gets a folder below it.")
    ]
}
