package import Logging
package import SidetoneFiles
import SidetoneModel
package import SidetonePipeline

/// Builds the sinks of a pipeline. Sinks of one directory share its folders and its journal.
package struct SinkAssembly {
    private let logger: Logger
    private let maxConnections: Int
    private let settings: [SinkSettings]
    private var folders: [String: OutputFolders] = [:]

    /// Prepares the output directories, and repairs files that a terminated process left incomplete.
    ///
    /// - Parameters:
    /// - isLive: whether calls will run; otherwise live-only sinks are omitted.
    /// - maxConnections: maximum concurrent clients of one sink.
    /// - inputs: paths of the input files, which must not be overwritten.
    /// - Throws: when a directory cannot be written.
    package init(
        _ settings: [SinkSettings], isLive: Bool, maxConnections: Int = .max, reading inputs: [String] = [],
        logger: Logger
    ) throws {
        self.maxConnections = maxConnections
        self.settings = settings.filter { isLive || SinkCatalog.named($0.name)?.isLiveOnly != true }
        self.logger = logger
        for sink in self.settings {
            guard let kind = SinkCatalog.named(sink.name), let directory = Self.directory(of: kind, sink),
                folders[directory] == nil
            else { continue }
            for repair in Journal.repair(directory) {
                logger.notice("Incomplete file of a terminated process repaired", metadata: ["file": "\(repair)"])
            }
            let made = OutputFolders(directory: directory, inputs: inputs, logger: logger)
            try made.prepare()
            folders[directory] = made
        }
    }

    /// The folders of the output directories, one per directory.
    package var outputFolders: [OutputFolders] { Array(folders.values) }

    /// Creates the sinks.
    /// - Throws: when a resource named in the settings is not available.
    package func sinks() throws -> [any PipelineSink] {
        try settings.compactMap { sink in try SinkCatalog.named(sink.name).map { try make($0, sink: sink) } }
    }

    private func make<Kind: SinkFactory>(_ kind: Kind.Type, sink: SinkSettings) throws -> any PipelineSink {
        let settings = Self.settings(kind, sink: sink)
        let folders = Kind.directory(settings).flatMap { self.folders[$0] }
        return try Kind.make(
            settings, place: SinkContext(folders: folders, maxConnections: maxConnections, logger: logger))
    }

    /// The file descriptors that the sinks need, per stream and in total.
    static func descriptors(of sinks: [SinkSettings]) -> DescriptorNeed {
        var need = DescriptorNeed()
        var directories: Set<String> = []
        for sink in sinks {
            guard let kind = SinkCatalog.named(sink.name) else { continue }
            add(kind, sink, to: &need)
            if let directory = directory(of: kind, sink) { directories.insert(directory) }
        }
        // A folder for each stream and directory; the directory and its journal.
        need.perStream += directories.count
        need.fixed += 2 * directories.count
        return need
    }

    private static func add<Kind: SinkFactory>(_ kind: Kind.Type, _ sink: SinkSettings, to need: inout DescriptorNeed) {
        let settings = settings(kind, sink: sink)
        need.perStream += Kind.descriptorsPerStream(settings)
        need.fixed += Kind.descriptors(settings)
        need.connections += Kind.connections(settings)
    }

    private static func directory<Kind: SinkFactory>(of kind: Kind.Type, _ sink: SinkSettings) -> String? {
        Kind.directory(settings(kind, sink: sink))
    }

    /// The settings of a sink; their problems were reported when the file was read.
    private static func settings<Kind: SinkFactory>(_ kind: Kind.Type, sink: SinkSettings) -> Kind.Settings {
        var settings = Kind.Settings()
        for field in Kind.Settings.fields {
            if let value = sink.values[field.name] { _ = field.apply(value, &settings) }
        }
        return settings
    }
}
