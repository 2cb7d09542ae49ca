package import Logging
import SidetoneFiles
package import SidetonePipeline
import SidetoneStore

/// Removes calls from the history of a directory, as `sidetone purge` does.
package struct HistoryPurge: Sendable {
    /// Which calls.
    package enum Choice: Sendable {
        case ids([String])
        /// Those that ended before a moment, seconds since 1970.
        case endedBefore(Double)
    }

    private let directory: String
    private let removesFiles: Bool
    private let isTrial: Bool
    private let logger: Logger

    /// - Parameters:
    ///   - removesFiles: whether the calls' folders go, too.
    ///   - isTrial: only finds out what would be removed.
    package init(directory: String, removesFiles: Bool, isTrial: Bool, logger: Logger) {
        self.directory = directory
        self.removesFiles = removesFiles
        self.isTrial = isTrial
        self.logger = logger
    }

    /// - Parameter told: the id of each call with what was removed of its files, once it is done.
    /// - Throws: `HistoryError`.
    package func run(_ choice: Choice, told: (String, RemovedFiles) -> Void) throws(HistoryError) {
        do {
            let purge = try CallPurge(
                directory: directory, folders: OutputFolders(directory: directory, logger: logger),
                removesFolders: removesFiles, isTrial: isTrial)
            switch choice {
            case .ids(let ids): try purge.run(calls: ids) { told($0.id, $0.files) }
            case .endedBefore(let moment): try purge.run(endedBefore: moment) { told($0.id, $0.files) }
            }
        } catch { throw HistoryError("\(error)") }
    }
}
