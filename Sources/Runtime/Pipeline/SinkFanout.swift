/// Where a stream's outputs go: one bounded queue per sink.
public struct SinkFanout: Sendable {
    let queues: [SinkQueue]
    /// What at least one sink asks for.
    public let kinds: PipelineItem.Kinds

    public init(_ queues: [SinkQueue]) {
        self.queues = queues
        kinds = queues.reduce(into: []) { $0.formUnion($1.sink.kinds) }
    }

    /// Hands an output to every sink that wants it; never waits.
    public func enqueue(_ item: PipelineItem) {
        let kind = item.kind
        for queue in queues {
            if kind.isEmpty {
                queue.items.enqueueUnbounded(item)
            } else if queue.sink.kinds.contains(kind), queue.sink.wants(item) {
                queue.items.enqueue(item)
            }
        }
    }
}

extension SinkFanout {
    /// Writes all that waits: for sources that wait for their sinks, so that nothing is ever refused.
    public func drain() async throws {
        for queue in queues { try await queue.drain() }
    }

    /// Writes all that waits, and closes the sinks.
    public func close() async throws {
        try await drain()
        for queue in queues { try await queue.sink.close() }
    }
}
