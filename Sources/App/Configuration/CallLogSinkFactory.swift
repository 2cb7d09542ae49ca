import SidetoneFiles
import SidetonePipeline

/// The sink that writes the three logs of each call.
enum CallLogSinkFactory: SinkFactory {
    static var name: String { CallLogSink.name }
    static var summary: String { CallLogSink.summary }
    static var isLiveOnly: Bool { true }
    static func directory(_ settings: CallLogSettings) -> String? { settings.directory }

    static func descriptors(_ settings: CallLogSettings) -> Int { 3 }

    static func make(_ settings: CallLogSettings, place: SinkContext) throws -> any PipelineSink {
        CallLogSink(settings, logger: place.logger)
    }
}
