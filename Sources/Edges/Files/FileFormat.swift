package import Logging
package import SidetoneModel
package import SidetonePipeline

/// Writes one kind of file for one stream; created when the stream opens, driven in order, never suspended.
package protocol FileFormat: AnyObject, SendableMetatype {
    associatedtype Settings: FileSettings
    /// The sink's name in a pipeline file.
    static var name: String { get }
    /// One line for `describe`.
    static var summary: String { get }
    static var kinds: PipelineItem.Kinds { get }
    /// All files that it may write for a stream.
    static var outputs: [FileDeclaration] { get }
    /// How long outputs may be buffered before they are written; together with the buffers before and after it, a kill
    /// loses less than a second.
    static var interval: Duration { get }
    /// Files kept open for a two-track stream.
    static func openFiles(_ settings: Settings) -> Int
    /// Whether a file that could not be written at the end of the stream is retried later: it needs only the summary.
    static var isRetried: Bool { get }
    init(_ stream: StreamInfo, settings: Settings, files: StreamFiles) throws(FileError)
    /// Processes the next output of the stream, except its opening and its end.
    func append(_ output: StreamOutput) throws(FileError)
    /// Completes the files; no output follows.
    ///
    /// - Parameter summary: nil if the sink was closed before the stream ended.
    func finish(_ summary: StreamSummary?) throws(FileError)
}

extension FileFormat {
    /// The names of all files that it may write of a stream.
    package static var fileNames: [String] { outputs.map(\.name) }
    package static var interval: Duration { .milliseconds(100) }
    package static var isRetried: Bool { false }
    package static func openFiles(_ settings: Settings) -> Int { 1 }

    /// Makes the sink of this format.
    package static func sink(_ settings: Settings, folders: OutputFolders, logger: Logger) -> any PipelineSink {
        FileSink<Self>(settings, folders: folders, logger: logger)
    }
}

/// Settings of a sink that writes files.
package protocol FileSettings: ComponentSettings {
    /// The output directory; sinks with the same directory share its `OutputFolders`.
    var directory: String { get }
}

/// Settings of a sink whose only setting is its directory.
package struct DirectorySettings: FileSettings {
    package var directory = "out"

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; each stream gets a folder below it.")
    ]
}
