import SidetoneJSON
import SidetonePipeline

/// The state of the receiver and of its sinks as JSON.
struct MonitorStatus {
    var startedAt: Double
    var now: Double
    var pipeline: PipelineStatus
    /// Open streams, by dialect.
    var dialects: [String: Int]
    var cpuPercent: Double
    var eventSubscribers: Int
    var liveSubscribers: Int

    /// - Parameter withSinks: false for clients of the live socket, which receive everything else.
    func json(withSinks: Bool) -> [UInt8] {
        var json = JSONWriter()
        let receiver = pipeline.receiver ?? ReceiverCounts(limit: 0)
        json.beginObject()
        json.member("version", text: MonitorSink.version)
        json.member("started_at", text: UTCTime(unixSeconds: startedAt).milliseconds)
        json.member("now", text: UTCTime(unixSeconds: now).milliseconds)
        json.member("state", text: receiver.isDraining ? "draining" : "running")
        json.key("streams")
        json.beginObject()
        json.member("open", integer: Int64(receiver.streamsOpen))
        json.member("limit", integer: Int64(receiver.limit))
        json.member("started", integer: Int64(receiver.streamsStarted))
        json.endObject()
        write(receiver, to: &json)
        json.key("latency_ms")
        json.beginObject()
        json.member("socket_to_row_p50", number: rounded(receiver.latency.microseconds(at: 0.5) / 1_000, parts: 1_000))
        json.member("socket_to_row_p99", number: rounded(receiver.latency.microseconds(at: 0.99) / 1_000, parts: 1_000))
        json.member("signal_delay_p99", number: signalDelayP99(receiver))
        json.endObject()
        json.member("cpu_percent", number: rounded(cpuPercent, parts: 10))
        json.member("memory_mb", number: rounded(Double(ProcessUsage.residentBytes) / 1e6, parts: 10))
        json.member("event_loop_lag_ms", number: rounded(pipeline.loopLagSeconds * 1_000, parts: 100))
        json.member(
            "worst_queue_age_ms", number: rounded((pipeline.sinks.map(\.oldestSeconds).max() ?? 0) * 1_000, parts: 1))
        if withSinks { writeSinks(to: &json) }
        if let webhooks = pipeline.webhooks { write(webhooks, to: &json) }
        json.key("subscribers")
        json.beginObject()
        json.member("events", integer: Int64(eventSubscribers))
        json.member("live", integer: Int64(liveSubscribers))
        json.endObject()
        json.endObject()
        return json.bytes
    }

    /// Milliseconds from when a signal became decidable to its emission, 99th percentile; nil before the first signal.
    private func signalDelayP99(_ receiver: ReceiverCounts) -> Double? {
        let delays = receiver.signalDelays.histogram
        return delays.count > 0 ? rounded(delays.microseconds(at: 0.99) / 1_000, parts: 10) : nil
    }

    private func write(_ receiver: ReceiverCounts, to json: inout JSONWriter) {
        json.key("receiver")
        json.beginObject()
        json.member("messages", integer: Int64(receiver.messages))
        json.member("refused_messages", integer: Int64(receiver.refusedMessages))
        json.member("unauthorized", integer: Int64(receiver.unauthorized))
        json.member("full", integer: Int64(receiver.full))
        json.member("not_found", integer: Int64(receiver.notFound))
        json.member("forbidden", integer: Int64(receiver.forbidden))
        json.member("address_full", integer: Int64(receiver.addressFull))
        json.member("connections_refused", integer: Int64(receiver.refusedConnections))
        write("dialects", counts: dialects, to: &json)
        let refusals = receiver.refusals.map { (Self.snakeCase($0.key), $0.value) }
        write("errors", counts: Dictionary(refusals, uniquingKeysWith: +), to: &json)
        json.endObject()
    }

    private func write(_ webhooks: WebhookCounts, to json: inout JSONWriter) {
        json.key("webhooks")
        json.beginObject()
        json.member("accepted", integer: Int64(webhooks.accepted))
        json.member("repeated", integer: Int64(webhooks.repeated))
        json.member("answered", integer: Int64(webhooks.answered))
        write("refused", counts: webhooks.refusals, to: &json)
        json.endObject()
    }

    /// `missingField` as `missing_field`.
    static func snakeCase(_ code: String) -> String {
        code.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }

    private func write(_ name: String, counts: [String: Int], to json: inout JSONWriter) {
        json.key(name)
        json.beginObject()
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(name, integer: Int64(count)) }
        json.endObject()
    }

    private func writeSinks(to json: inout JSONWriter) {
        json.key("sinks")
        json.beginArray()
        for sink in pipeline.sinks {
            json.beginObject()
            json.member("name", text: sink.name)
            json.member("waiting", integer: Int64(sink.waiting))
            json.member("waiting_bytes", integer: Int64(sink.waitingBytes))
            json.member("limit_bytes", integer: Int64(sink.limitBytes))
            json.member("refused", integer: Int64(sink.refused))
            json.member("failures", integer: Int64(sink.failures))
            if let spool = sink.spool {
                json.key("records")
                json.beginObject()
                json.member("waiting", integer: Int64(spool.waiting))
                json.member("lost", integer: Int64(spool.lost))
                json.member("failures", integer: Int64(spool.failures))
                json.endObject()
            }
            json.endObject()
        }
        json.endArray()
    }
}
