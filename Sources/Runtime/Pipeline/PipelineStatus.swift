/// What a receiver of streams has seen so far.
public struct ReceiverCounts: Sendable, Hashable {
    /// Streams that may be open at once.
    public var limit: Int
    public var streamsOpen = 0
    public var streamsStarted = 0
    public var messages = 0
    public var refusedMessages = 0
    /// Refused messages by the code of their error.
    public var refusals: [String: Int] = [:]
    /// Upgrades refused, by reason.
    public var unauthorized = 0
    public var full = 0
    public var notFound = 0
    /// Of web pages that may not open streams.
    public var forbidden = 0
    /// Because the address had its share of the streams.
    public var addressFull = 0
    /// How often a stream was not read for a while, because its media led real time.
    public var heldBack = 0
    /// Connections refused because their address or the server had too many before the upgrade.
    public var refusedConnections = 0
    /// Whether it was told to stop, and admits nothing more.
    public var isDraining = false
    /// From a message's last byte leaving the socket to its last row.
    public var latency = LatencyHistogram()
    /// From the arrival of the last sample of signals' evidence to their being told.
    public var evidence = SignalDelays()

    public init(limit: Int) { self.limit = limit }
}

/// How a sink fares now.
public struct SinkStatus: Sendable, Hashable {
    public var name: String
    /// Blocks that wait in its queue.
    public var waiting: Int
    /// Bytes that wait in its queue, and how many may.
    public var waitingBytes: Int
    public var limitBytes: Int
    /// Blocks that the queue refused, in all.
    public var refused: Int
    /// Writes that failed.
    public var failures: Int
    /// How long the oldest block has waited, in seconds.
    public var oldestSeconds: Double
    /// What it keeps itself behind its queue; nil where it keeps nothing.
    public var spool: SinkSpool?

    public init(
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
public struct SinkSpool: Sendable, Hashable {
    /// Records that wait.
    public var waiting: Int
    /// Records that were lost, in all: there was no room for them.
    public var lost: Int
    /// Tries to write them that failed, in all.
    public var failures: Int

    public init(waiting: Int = 0, lost: Int = 0, failures: Int = 0) {
        self.waiting = waiting
        self.lost = lost
        self.failures = failures
    }
}

/// How a live pipeline fares now.
public struct PipelineStatus: Sendable, Hashable {
    /// Nil before the receiver listens.
    public var receiver: ReceiverCounts?
    public var sinks: [SinkStatus]
    /// Nil where no webhooks are received.
    public var webhooks: WebhookCounts?
    /// How late the event loops of the media have lately done what was due, in seconds: the worst of the last second.
    public var loopLagSeconds = 0.0
    /// Where the receiver listens; nil before it does.
    public var receiverURL: String?

    public init(receiver: ReceiverCounts?, sinks: [SinkStatus]) {
        self.receiver = receiver
        self.sinks = sinks
    }
}
