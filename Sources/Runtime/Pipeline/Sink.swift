/// Receives the outputs of streams.
///
/// `write` receives the accumulated outputs of all streams since the last call, in order. It may wait: its queue is
/// bounded, and only this sink loses outputs when the queue is full.
package protocol Sink<Input>: Sendable {
    associatedtype Input: Sendable
    /// The name in pipeline files.
    static var name: String { get }
    /// The outputs that it accepts; every sink receives openings and ends.
    var kinds: PipelineItem.Kinds { get }
    /// Whether it needs this output now. Called on the media path, so it must be fast.
    func accepts(_ item: PipelineItem) -> Bool
    /// How long outputs may accumulate before they are written; zero for a sink with live viewers. Waking a sink costs
    /// more than most of its writes.
    var interval: Duration { get }
    /// Its executor if it writes on its own thread; its queue is then processed there too.
    var executor: QueueExecutor? { get }
    /// Its backlog behind the queue; nil if it keeps none. Called at any time, from any thread.
    var spool: SinkSpool? { get }
    func write(_ input: Input) async throws
    /// Flushes and closes. Idempotent; may be called before the first `write`.
    func close() async throws
}

extension Sink {
    package var interval: Duration { .zero }
    package var executor: QueueExecutor? { nil }
    package var spool: SinkSpool? { nil }
    package func accepts(_ item: PipelineItem) -> Bool { true }
}

/// A sink of stream outputs.
package typealias PipelineSink = Sink<[PipelineItem]>

/// A sink with activity of its own besides writing: a listener, a timer.
package protocol ServingSink: PipelineSink {
    /// Runs until the task is shut down gracefully or cancelled; starts before any stream is admitted.
    ///
    /// - Parameters:
    ///   - others: the sinks of the pipeline, which may include a `CallHistory`.
    ///   - status: returns the current status of the pipeline.
    ///   - ready: called once it is serving, with a sentence for the operator, such as the address of a dashboard.
    /// - Throws: an error that prevents it, and thereby the pipeline, from starting.
    func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws
}
