import SidetoneFiles

/// Every kind of sink: the file formats, and the sinks that do more than write files.
enum SinkCatalog {
    /// One line each, in alphabetical order, to avoid merge conflicts.
    private static let others: [any SinkFactory.Type] = [
        CallLogSinkFactory.self,
        MonitorSinkFactory.self,
        StoreSinkFactory.self,
    ]

    static let all: [any SinkFactory.Type] = (FileSinks.all.map { kind($0) } + others).sorted { $0.name < $1.name }

    static func named(_ name: String) -> (any SinkFactory.Type)? { all.first { $0.name == name } }

    private static func kind<Format: FileFormat>(_ format: Format.Type) -> any SinkFactory.Type {
        FileSinkFactory<Format>.self
    }
}
