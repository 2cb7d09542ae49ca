import SidetoneModel

/// Distributes a stream's outputs to one bounded queue per sink.
package struct SinkFanout: Sendable {
    let queues: [SinkQueue]
    /// The outputs that at least one sink accepts.
    package let kinds: PipelineItem.Kinds

    package init(_ queues: [SinkQueue]) {
        self.queues = queues
        kinds = queues.reduce(into: []) { $0.formUnion($1.sink.kinds) }
    }

    /// Enqueues an output for every sink that needs it; never waits.
    ///
    /// An output that a queue refuses is lost for that sink and that stream only; the stream reports it as a `gap`
    /// signal.
    package func enqueue(_ item: PipelineItem) {
        distribute(item)
        guard case .stream(let stream, _) = item, stream.losses.isPending else { return }
        report(stream.losses.due(now: .now, isLast: false), of: stream)
    }

    /// Reports the losses of a stream that is about to end, before its last signal.
    package func reportLosses(of stream: StreamInfo) {
        guard stream.losses.isPending else { return }
        report(stream.losses.due(now: .now, isLast: true), of: stream)
    }

    private func report(_ signals: [Signal], of stream: StreamInfo) {
        for signal in signals { distribute(.stream(stream, .signal(signal))) }
    }

    private func distribute(_ item: PipelineItem) {
        let kind = item.kind
        switch item {
        case .stream(let stream, let output):
            if kind.isEmpty {
                for (index, queue) in queues.enumerated() {
                    enqueueControl(item, output: output, stream: stream, index: index, queue: queue)
                }
            } else {
                for (index, queue) in queues.enumerated() where queue.accepts(item, kind: kind) {
                    enqueue(item, kind: kind, stream: stream, index: index, queue: queue)
                }
            }
        case .log:
            for queue in queues where queue.accepts(item, kind: kind) {
                queue.items.enqueue(item, bytes: item.bytes, owner: item.owner)
            }
        }
    }

    private func enqueue(
        _ item: PipelineItem, kind: PipelineItem.Kinds, stream: StreamInfo, index: Int, queue: SinkQueue
    ) {
        let bytes = item.bytes
        if stream.losses.isExcluded(queue: index) {
            queue.items.countRefused()
        } else if queue.items.enqueue(item, bytes: bytes, owner: item.owner) {
            if stream.losses.isPending { stream.losses.resume(kind: kind, queue: index) }
            return
        }
        stream.losses.add(item, kind: kind, bytes: bytes, queue: index, sink: queue.name)
    }

    /// The opening, the tracks and the end of a stream: four items that are never lost. A sink without capacity for
    /// another stream refuses the opening, and with it the whole stream.
    private func enqueueControl(
        _ item: PipelineItem, output: StreamOutput, stream: StreamInfo, index: Int, queue: SinkQueue
    ) {
        guard !stream.losses.isExcluded(queue: index) else { return queue.items.countRefused() }
        guard case .opened = output else {
            queue.items.enqueueExempt(item)
            return
        }
        guard !queue.items.enqueueExempt(item, opensOwner: true) else { return }
        stream.losses.exclude(queue: index)
        stream.losses.add(item, kind: [], bytes: item.bytes, queue: index, sink: queue.name)
    }
}

extension SinkFanout {
    /// Writes everything that is waiting: for sources that wait for their sinks, so that nothing is refused.
    package func drain() async throws {
        for queue in queues { try await queue.drain() }
    }

    /// Writes everything that is waiting, and closes the sinks.
    package func close() async throws {
        try await drain()
        for queue in queues { try await queue.sink.close() }
    }
}
