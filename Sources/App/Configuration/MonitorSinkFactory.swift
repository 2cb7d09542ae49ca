import SidetoneMonitor
import SidetonePipeline

/// The `monitor` sink of a pipeline file.
enum MonitorSinkFactory: SinkFactory {
    static let name = MonitorSink.name
    static let summary = "The dashboard, its API, events and metrics."
    static let isLiveOnly = true

    // Two for each subscriber and a hundred requests, as the listener admits them.
    static func descriptors(_ settings: MonitorSettings) -> Int { settings.maxSubscribers * 2 + 100 + 16 }

    static func make(_ settings: MonitorSettings, place: SinkContext) throws -> any PipelineSink {
        let tokens = try BearerTokens.read(settings.tokenFile, setting: "token_file")
        return MonitorSink(settings, tokens: tokens, logger: place.logger)
    }
}
