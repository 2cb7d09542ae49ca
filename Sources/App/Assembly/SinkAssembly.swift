import Logging
import SidetoneFiles
import SidetoneModel
import SidetonePipeline

/// Builds the sinks of a pipeline. Sinks of one directory share its folders and its journal.
struct SinkAssembly {
    private let logger: Logger
    private let settings: [SinkSettings]
    private var folders: [String: OutputFolders] = [:]

    /// Makes the output directories ready, and repairs in them what a dead process left open.
    ///
    /// - Throws: when a directory cannot be written.
    init(_ settings: [SinkSettings], logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        for sink in settings {
            guard let type = Self.format(sink.name) else { continue }
            let directory = Self.directory(of: type, sink)
            guard folders[directory] == nil else { continue }
            for repair in Journal.repair(directory) {
                logger.notice("File of a dead process repaired", metadata: ["file": "\(repair)"])
            }
            let made = OutputFolders(directory: directory, logger: logger)
            try made.prepare()
            folders[directory] = made
        }
    }

    /// New sinks, as the settings say.
    func sinks() -> [any StreamSink] {
        settings.compactMap { sink in Self.format(sink.name).flatMap { make($0, sink) } }
    }

    static func format(_ name: String) -> (any FileFormat.Type)? { FileSinks.all.first { $0.name == name } }

    private func make<Format: FileFormat>(_ type: Format.Type, _ sink: SinkSettings) -> (any StreamSink)? {
        let settings = Self.settings(type, sink)
        return folders[settings.directory].map { Format.sink(settings, $0, logger) }
    }

    private static func directory<Format: FileFormat>(of type: Format.Type, _ sink: SinkSettings) -> String {
        settings(type, sink).directory
    }

    /// The settings of a sink; what is wrong in them was told when the file was read.
    private static func settings<Format: FileFormat>(_ type: Format.Type, _ sink: SinkSettings) -> Format.Settings {
        var settings = Format.Settings()
        for field in Format.Settings.fields {
            if let value = sink.values[field.name] { _ = field.apply(value, &settings) }
        }
        return settings
    }
}
