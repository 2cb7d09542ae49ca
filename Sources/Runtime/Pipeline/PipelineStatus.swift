/// What a receiver of streams has seen so far.
package struct ReceiverCounts: Sendable, Hashable {
    /// Streams that may be open at once.
    package var limit: Int
    package var streamsOpen = 0
    package var streamsStarted = 0
    package var messages = 0
    package var refusedMessages = 0
    /// Refused messages by the code of their error.
    package var refusals: [String: Int] = [:]
    /// Upgrades refused, by reason.
    package var unauthorized = 0
    package var full = 0
    package var notFound = 0
    /// Of web pages that may not open streams.
    package var forbidden = 0
    /// Because the address had its share of the streams.
    package var addressFull = 0
    /// How often a stream was not read for a while, because its media led real time.
    package var heldBack = 0
    /// Bytes of media that were received and never processed, because their connection had ended while it was held back.
    package var droppedBytes = 0
    /// Connections refused because their address or the server had too many before the upgrade.
    package var refusedConnections = 0
    /// Whether it was told to stop, and admits nothing more.
    package var isDraining = false
    /// From a message's last byte leaving the socket to its last row.
    package var latency = LatencyHistogram()
    /// From the arrival of the last sample of signals' evidence to their being told.
    package var signalDelays = SignalDelays()

    package init(limit: Int) { self.limit = limit }
}

/// How a sink fares now.
package struct SinkStatus: Sendable, Hashable {
    package var name: String
    /// Blocks that wait in its queue.
    package var waiting: Int
    /// Bytes that wait in its queue, and how many may.
    package var waitingBytes: Int
    package var limitBytes: Int
    /// Blocks that the queue refused, in all.
    package var refused: Int
    /// Writes that failed.
    package var failures: Int
    /// How long the oldest block has waited, in seconds.
    package var oldestSeconds: Double
    /// What it keeps itself behind its queue; nil where it keeps nothing.
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

/// What a sink keeps for later, because it could not be written yet.
package struct SinkSpool: Sendable, Hashable {
    /// Records that wait.
    package var waiting: Int
    /// Records that were lost, in all: there was no room for them.
    package var lost: Int
    /// Tries to write them that failed, in all.
    package var failures: Int

    package init(waiting: Int = 0, lost: Int = 0, failures: Int = 0) {
        self.waiting = waiting
        self.lost = lost
        self.failures = failures
    }
}

/// How a live pipeline fares now.
package struct PipelineStatus: Sendable, Hashable {
    /// Nil before the receiver listens.
    package var receiver: ReceiverCounts?
    package var sinks: [SinkStatus]
    /// Nil where no webhooks are received.
    package var webhooks: WebhookCounts?
    /// How late the event loops of the media have lately done what was due, in seconds: the worst of the last second.
    package var loopLagSeconds = 0.0
    /// Where the receiver listens; nil before it does.
    package var receiverURL: String?

    package init(receiver: ReceiverCounts?, sinks: [SinkStatus]) {
        self.receiver = receiver
        self.sinks = sinks
    }
}
