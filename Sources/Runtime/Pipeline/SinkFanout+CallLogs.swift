package import SidetoneModel

extension SinkFanout {
    /// An entry that cannot be acknowledged although no sink failed.
    package struct NotWritten: Error, CustomStringConvertible {
        package var sink: String
        package var description: String { "the sink \(sink) keeps the entry in memory, because it cannot write now" }
    }

    /// Writes a call log entry to every sink that accepts call logs, bypassing their queues, and returns once each has
    /// written it: for a source that acknowledges an event only once it is safe.
    ///
    /// - Throws: the first failure, after every sink was tried.
    package func write(_ entry: CallLogEntry) async throws {
        let item = PipelineItem.log(entry)
        var failure: (any Error)?
        for queue in queues where queue.sink.kinds.contains(.logs) && queue.sink.accepts(item) {
            do {
                try await queue.sink.write([item])
                if let spool = queue.sink.spool, spool.waiting > 0 {
                    throw NotWritten(sink: type(of: queue.sink).name)
                }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }
}
