import SidetoneFiles
import SidetonePipeline
import SidetoneStore

/// The sink of the call history.
enum StoreSinkFactory: SinkFactory {
    static var name: String { StoreSink.name }
    static var summary: String { StoreSink.summary }
    static var isLiveOnly: Bool { true }
    // The file, its write-ahead log and shared memory, for a writer and three readers; the lock.
    static func descriptors(_ settings: StoreSettings) -> Int { 16 }
    static func directory(_ settings: StoreSettings) -> String? { settings.directory }

    static func make(_ settings: StoreSettings, place: SinkContext) throws -> any PipelineSink {
        let folders = place.folders ?? OutputFolders(directory: settings.directory, logger: place.logger)
        return try StoreSink(settings, folders, now: WallClock.now, place.logger)
    }
}
