import SidetoneMonitor
import SidetonePipeline

/// The `monitor` sink of a pipeline file.
enum MonitorSinkFactory: SinkFactory {
    static let name = MonitorSink.name
    static let summary = "The dashboard, its API, events and metrics."
    static let isLiveOnly = true

    // The dashboard's files and the connection of the health check.
    static func descriptors(_ settings: MonitorSettings) -> Int { 16 }
    static func connections(_ settings: MonitorSettings) -> Int { settings.maxConnections }

    static func make(_ settings: MonitorSettings, place: SinkContext) throws -> any PipelineSink {
        let tokens = try BearerTokens.read(settings.tokenFile, setting: "token_file")
        return MonitorSink(settings, tokens: tokens, maxConnections: place.maxConnections, logger: place.logger)
    }
}
