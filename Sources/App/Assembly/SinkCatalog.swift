import SidetoneFiles

/// Every kind of sink: the formats of files, and what does more than write files.
enum SinkCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    private static let others: [any SinkKind.Type] = [
        CallLogSinkKind.self,
        MonitorKind.self,
        StoreSinkKind.self,
    ]

    static let all: [any SinkKind.Type] = (FileSinks.all.map { kind($0) } + others).sorted { $0.name < $1.name }

    static func named(_ name: String) -> (any SinkKind.Type)? { all.first { $0.name == name } }

    private static func kind<Format: FileFormat>(_ format: Format.Type) -> any SinkKind.Type {
        FileSinkKind<Format>.self
    }
}
