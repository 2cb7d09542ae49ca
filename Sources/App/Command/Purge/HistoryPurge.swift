package import Logging
import SidetoneFiles
package import SidetonePipeline
import SidetoneStore

/// Removes calls from the history of a directory, for `sidetone purge`.
package struct HistoryPurge: Sendable {
    /// The calls to remove.
    package enum Choice: Sendable {
        case ids([String])
        /// Those that ended before a time, in seconds since 1970.
        case endedBefore(Double)
    }

    private let directory: String
    private let removesFiles: Bool
    private let isTrial: Bool
    private let logger: Logger

    /// - Parameters:
    /// - removesFiles: whether the calls' folders are removed as well.
    /// - isTrial: a dry run that only determines what would be removed.
    package init(directory: String, removesFiles: Bool, isTrial: Bool, logger: Logger) {
        self.directory = directory
        self.removesFiles = removesFiles
        self.isTrial = isTrial
        self.logger = logger
    }

    /// - Parameter onRemoval: called for each removed call with its ID and the files removed.
    /// - Throws: `HistoryError`.
    package func run(_ choice: Choice, onRemoval: (String, RemovedFiles) -> Void) throws(HistoryError) {
        do {
            let purge = try CallPurge(
                directory: directory, folders: OutputFolders(directory: directory, logger: logger),
                removesFolders: removesFiles, isTrial: isTrial)
            switch choice {
            case .ids(let ids): try purge.run(calls: ids) { onRemoval($0.id, $0.files) }
            case .endedBefore(let moment): try purge.run(endedBefore: moment) { onRemoval($0.id, $0.files) }
            }
        } catch { throw HistoryError("\(error)") }
    }
}
