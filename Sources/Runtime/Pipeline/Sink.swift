/// Takes what leaves the streams and carries it away.
///
/// `write` gets what has gathered since the last call, in order, of all streams. It may wait: the queue before it is
/// bounded, and only this sink loses what does not fit.
package protocol Sink<Input>: Sendable {
    associatedtype Input: Sendable
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// What it asks for; openings and ends come to every sink.
    var kinds: PipelineItem.Kinds { get }
    /// Whether it wants this one now, of the kinds that it asks for. Asked on the way of the media: it must cost nothing.
    func accepts(_ item: PipelineItem) -> Bool
    /// How long outputs may gather before they are written; zero for a sink that somebody watches. Waking a sink costs
    /// more than most of its writes.
    var interval: Duration { get }
    /// Where it writes, if on a thread of its own: its queue is then emptied there too.
    var executor: QueueExecutor? { get }
    /// What it keeps behind its queue for later; nil where it keeps nothing. Asked at any time, by any thread.
    var spool: SinkSpool? { get }
    func write(_ input: Input) async throws
    /// Flushes and lets go. Safe to call twice, and before the first `write`.
    func close() async throws
}

extension Sink {
    package var interval: Duration { .zero }
    package var executor: QueueExecutor? { nil }
    package var spool: SinkSpool? { nil }
    package func accepts(_ item: PipelineItem) -> Bool { true }
}

/// A sink of what leaves the streams.
package typealias PipelineSink = Sink<[PipelineItem]>

/// A sink with work of its own beside its writes: a listener, a timer.
package protocol ServingSink: PipelineSink {
    /// Works until the task is shut down gracefully or cancelled; starts before any stream is admitted.
    ///
    /// - Parameters:
    ///   - others: the sinks of the pipeline, among which it may find a `CallHistory`.
    ///   - status: tells how the pipeline fares now.
    ///   - ready: called once it serves, with a sentence for the operator, such as the address of a dashboard.
    /// - Throws: what keeps it from starting; that keeps the pipeline from starting.
    func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws
}
