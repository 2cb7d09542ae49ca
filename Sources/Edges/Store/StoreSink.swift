import GRDB
package import Logging
import ServiceLifecycle
package import SidetonePipeline
import Synchronization

/// Stores calls in an SQLite file, on a dedicated thread; collected records are written in one transaction.
///
/// While the file cannot be written (disk full, locked, missing permission), records wait in memory up to a limit, then the
/// newest are lost and counted. Writing is retried at growing intervals, at least once in `longestPause` batches.
package actor StoreSink: ServingSink {
    package static let name = "store"
    package static let summary = "Calls, streams, signals, talk spurts, totals, logs and an overview in calls.sqlite."

    /// The state of the sink.
    package struct Counts: Sendable, Hashable {
        /// Records not yet written.
        package var waiting = 0
        /// Records lost.
        package var lost = 0
        /// Transactions that failed.
        package var failures = 0
        /// Why the last one failed; nil after a success.
        package var failure: String?
        /// Streams that are open.
        package var openStreams = 0
    }

    /// Maximum records per transaction, so that other programs can acquire the lock.
    static let transactionLimit = 5_000
    private static let longestPause = 64
    /// Calls that retention removes at a time.
    private static let retentionBatch = 50
    /// Seconds after the end of a stream within which other sinks may finish its files.
    private static let maxPolls = 30

    private nonisolated let queue: QueueExecutor
    package nonisolated var executor: QueueExecutor? { queue }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }
    package nonisolated let kinds: PipelineItem.Kinds
    package nonisolated let interval: Duration

    nonisolated let database: CallDatabase
    private let settings: StoreSettings
    private let folders: any StreamFolders
    private let now: @Sendable () -> Double
    private let logger: Logger
    private var recorder: StreamRecorder
    private var records: StoreSpool
    private var ended: [(stream: StreamRecorder.Ended, polls: Int)] = []
    private var failures = 0
    private var failure: StoreError?
    /// Failures since the last success, and batches skipped before the next attempt.
    private var failuresInARow = 0
    private var pause = 0
    /// Lost records already reported.
    private var reportedLost = 0
    private var isClosed = false
    private nonisolated let shown = Mutex(SinkSpool())

    /// Opens the history and ends streams that a killed process left open.
    ///
    /// - Parameters:
    ///   - folders: the folders of the streams, in the same directory.
    ///   - now: wall-clock seconds since 1970.
    /// - Throws: `StoreError` if the file cannot be opened.
    package init(
        _ settings: StoreSettings, _ folders: any StreamFolders, now: @escaping @Sendable () -> Double, _ logger: Logger
    ) throws {
        queue = QueueExecutor(label: "sidetone.store")
        interval = .milliseconds(settings.batchMs)
        var kinds: PipelineItem.Kinds = [.signals, .logs]
        if settings.overview { kinds.insert(.overview) }
        self.kinds = kinds
        self.settings = settings
        self.folders = folders
        self.now = now
        self.logger = logger
        let database = try CallDatabase(directory: settings.directory)
        self.database = database
        let (lost, next) = try Self.begin(database, folders: folders)
        if lost > 0 { logger.notice("Streams of a killed process ended as lost", metadata: ["streams": "\(lost)"]) }
        recorder = StreamRecorder(
            keepsNumbers: settings.keepNumbers, keepsOverview: settings.overview, keepsWaveform: settings.waveform,
            next: next)
        records = StoreSpool(limitBytes: settings.spoolMB << 20)
    }

    private static func begin(
        _ database: CallDatabase, folders: any StreamFolders
    ) throws(StoreError) -> (lost: Int, next: Int64) {
        do {
            return try database.pool.write { db in
                (
                    try LostStreams.end(db, folders: folders),
                    (try Int64.fetchOne(db, sql: "SELECT max(number) FROM streams") ?? 0) + 1
                )
            }
        } catch { throw StoreError(error, "write", database.path) }
    }

    package nonisolated var spool: SinkSpool? { shown.withLock { $0 } }

    private func publishStatus() {
        let now = SinkSpool(waiting: records.count, lost: records.lost, failures: failures)
        shown.withLock { $0 = now }
    }

    package var counts: Counts {
        Counts(
            waiting: records.count, lost: records.lost, failures: failures, failure: failure?.description,
            openStreams: recorder.openCount)
    }

    /// - Throws: `StoreError` if records were lost: at the first one, and whenever their number has doubled.
    package func write(_ items: [PipelineItem]) throws {
        for item in items { recorder.process(item, spool: &records) }
        poll()
        flush()
        publishStatus()
        if records.lost >= max(1, reportedLost * 2) { try report() }
    }

    package func close() async throws {
        guard !isClosed else { return }
        isClosed = true
        recorder.finish(&records)
        // The other sinks close their files at the same time: wait for them at most a second, or less if no folder
        // exists.
        for n in 0..<20 {
            poll()
            guard ended.contains(where: { n < 4 || folders.path(of: $0.stream.info) != nil }) else { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        pause = 0
        flush()
        records.abandon()
        publishStatus()
        database.close()
        try report()
    }

    package func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws {
        ready("call history in \(database.path)")
        // Cancellation is the regular end.
        try? await cancelWhenGracefulShutdown {
            var seconds = 0
            var isRetained = true
            while true {
                if seconds % 3_600 == 0 || !isRetained { isRetained = await self.retain() }
                try await Task.sleep(for: .seconds(1))
                seconds += 1
                await self.tick()
            }
        }
    }

    /// Handles what no further batch may trigger: files finished after the end of a stream, and pending records.
    func tick() {
        guard !isClosed else { return }
        poll()
        flush()
        publishStatus()
    }

    // MARK: Writing

    private func flush() {
        guard records.count > 0 else { return }
        guard pause == 0 else {
            pause -= 1
            return
        }
        do throws(StoreError) {
            while records.count > 0 {
                let batch = records.first(Self.transactionLimit)
                let refused = try database.write(batch)
                records.removeFirst(batch.count)
                if refused > 0 {
                    logger.warning("Records of purged calls skipped", metadata: ["records": "\(refused)"])
                }
            }
            guard failure != nil else { return }
            failure = nil
            failuresInARow = 0
            logger.notice("Call history is writable again")
        } catch {
            failures += 1
            failuresInARow += 1
            pause = min(Self.longestPause, 1 << min(failuresInARow - 1, 30)) - 1
            if failure?.code != error.code {
                logger.error(
                    "Call history cannot be written; records are kept in memory",
                    metadata: ["error": "\(error)", "records": "\(records.count)"])
            }
            failure = error
        }
    }

    private func report() throws(StoreError) {
        guard records.lost > reportedLost else { return }
        reportedLost = records.lost
        throw StoreError(
            .lost, database.path, "\(records.lost) records were lost; \(failure?.detail ?? "the spool was full")")
    }

    // MARK: Files of streams

    /// Finds the folders of streams, and the recordings of those that ended.
    private func poll() {
        recorder.amend(&records)
        recorder.find(folders, spool: &records)
        ended += recorder.drainEnded().map { ($0, 0) }
        ended = ended.compactMap { entry in
            var (stream, polls) = entry
            guard let path = folders.path(of: stream.info) else {
                return polls < Self.maxPolls ? (stream, polls + 1) : nil
            }
            if !stream.hasFolder {
                stream.hasFolder = records.offer(StoreRecord(.folder, [stream.number, path.joined(separator: "/")]))
            }
            guard folders.isReleased(stream.info) || polls >= Self.maxPolls else { return (stream, polls + 1) }
            for file in folders.recordings(in: path) {
                _ = records.offer(StoreRecord(.recording, [stream.number, file.name, file.bytes, file.seconds]))
            }
            return nil
        }
    }

    // MARK: Retention

    /// Removes calls past their retention, a few at a time, so that writing is not delayed for long.
    ///
    /// - Returns: whether none is left for now.
    func retain() -> Bool {
        guard settings.retentionDays > 0, !isClosed else { return true }
        let purge = CallPurge(
            writer: database.pool, path: database.path, folders: settings.retentionFiles ? folders : nil)
        var calls = 0
        var files = RemovedFiles()
        do {
            let moment = now() - Double(settings.retentionDays) * 86_400
            let isDone = try purge.run(endedBefore: moment, limit: Self.retentionBatch) { call in
                calls += 1
                files += call.files
            }
            if calls > 0 {
                logger.notice(
                    "Calls removed by retention", metadata: ["calls": "\(calls)", "files": "\(files.files)"])
            }
            return isDone
        } catch { logger.error("Retention failed", metadata: ["error": "\(error)"]) }
        return true
    }
}
