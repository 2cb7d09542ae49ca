/// Counters of a stream receiver.
package struct ReceiverCounts: Sendable, Hashable {
    /// The maximum number of concurrent streams.
    package var limit: Int
    package var streamsOpen = 0
    package var streamsStarted = 0
    package var messages = 0
    package var refusedMessages = 0
    /// Refused messages by error code.
    package var refusals: [String: Int] = [:]
    /// Refused upgrades by reason.
    package var unauthorized = 0
    package var full = 0
    package var notFound = 0
    /// From web pages that are not allowed to open streams.
    package var forbidden = 0
    /// Because the address had reached its share of the streams.
    package var addressFull = 0
    /// How often reading from a stream was suspended because its media was ahead of real time.
    package var heldBack = 0
    /// Bytes of media that were received and never processed, because their connection had ended while it was held back.
    package var droppedBytes = 0
    /// Connections refused because their address or the server had too many before the upgrade.
    package var refusedConnections = 0
    /// Whether it is shutting down and admits no further streams.
    package var isDraining = false
    /// From reading the last byte of a message to its last row.
    package var latency = LatencyHistogram()
    /// From the arrival of the sample that makes a signal decidable to its being reported.
    package var signalDelays = SignalDelays()

    package init(limit: Int) { self.limit = limit }
}

/// The current status of a sink.
package struct SinkStatus: Sendable, Hashable {
    package var name: String
    /// Blocks waiting in its queue.
    package var waiting: Int
    /// Bytes waiting in its queue, and their limit.
    package var waitingBytes: Int
    package var limitBytes: Int
    /// The total number of blocks refused by the queue.
    package var refused: Int
    /// The number of failed writes.
    package var failures: Int
    /// The age of the oldest waiting block, in seconds.
    package var oldestSeconds: Double
    /// The backlog behind its queue; nil if it keeps none.
    package var spool: SinkSpool?

    package init(
        name: String, waiting: Int, waitingBytes: Int = 0, limitBytes: Int, refused: Int, failures: Int = 0,
        oldestSeconds: Double = 0, spool: SinkSpool? = nil
    ) {
        self.name = name
        self.waiting = waiting
        self.waitingBytes = waitingBytes
        self.limitBytes = limitBytes
        self.refused = refused
        self.failures = failures
        self.oldestSeconds = oldestSeconds
        self.spool = spool
    }
}

/// Records that a sink keeps because it cannot write them yet.
package struct SinkSpool: Sendable, Hashable {
    /// The number of waiting records.
    package var waiting: Int
    /// The total number of records lost for lack of capacity.
    package var lost: Int
    /// The total number of failed attempts to write them.
    package var failures: Int

    package init(waiting: Int = 0, lost: Int = 0, failures: Int = 0) {
        self.waiting = waiting
        self.lost = lost
        self.failures = failures
    }
}

/// The current status of a live pipeline.
package struct PipelineStatus: Sendable, Hashable {
    /// Nil before the receiver is listening.
    package var receiver: ReceiverCounts?
    package var sinks: [SinkStatus]
    /// Nil if no webhooks are received.
    package var webhooks: WebhookCounts?
    /// The lag of the media event loops, in seconds: the maximum of the last second.
    package var loopLagSeconds = 0.0
    /// The receiver's address; nil before it is listening.
    package var receiverURL: String?

    package init(receiver: ReceiverCounts?, sinks: [SinkStatus]) {
        self.receiver = receiver
        self.sinks = sinks
    }
}
