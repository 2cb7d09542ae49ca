import SidetonePipeline

/// The state of the receiver and of its sinks as JSON.
struct MonitorStatus {
    var startedAt: Double
    var now: Double
    var pipeline: PipelineStatus
    /// Streams that are open, by dialect.
    var dialects: [String: Int]
    var cpuPercent: Double
    var eventSubscribers: Int
    var liveSubscribers: Int

    /// - Parameter withSinks: the clients of the live socket are told of everything else.
    func json(withSinks: Bool) -> [UInt8] {
        var json = JSONText()
        let receiver = pipeline.receiver ?? ReceiverCounts(limit: 0)
        json.beginObject()
        json.member("version", MonitorSink.version)
        json.member("started_at", WallTime.milliseconds(startedAt))
        json.member("now", WallTime.milliseconds(now))
        json.member("state", receiver.isDraining ? "draining" : "running")
        json.key("streams")
        json.beginObject()
        json.member("open", Int64(receiver.streamsOpen))
        json.member("limit", Int64(receiver.limit))
        json.member("started", Int64(receiver.streamsStarted))
        json.endObject()
        write(receiver, to: &json)
        json.key("latency_ms")
        json.beginObject()
        json.member("socket_to_row_p50", rounded(receiver.latency.microseconds(at: 0.5) / 1_000, 1_000))
        json.member("socket_to_row_p99", rounded(receiver.latency.microseconds(at: 0.99) / 1_000, 1_000))
        json.member("evidence_to_event_p99", evidence(receiver))
        json.endObject()
        json.member("cpu_percent", rounded(cpuPercent, 10))
        json.member("memory_mb", rounded(Double(ProcessUsage.residentBytes) / 1e6, 10))
        json.member("event_loop_lag_ms", rounded(pipeline.loopLagSeconds * 1_000, 100))
        json.member("worst_queue_age_ms", rounded((pipeline.sinks.map(\.oldestSeconds).max() ?? 0) * 1_000, 1))
        if withSinks { writeSinks(to: &json) }
        if let webhooks = pipeline.webhooks { write(webhooks, to: &json) }
        json.key("subscribers")
        json.beginObject()
        json.member("events", Int64(eventSubscribers))
        json.member("live", Int64(liveSubscribers))
        json.endObject()
        json.endObject()
        return json.bytes
    }

    /// Milliseconds from the evidence of signals to their being told; nil before the first.
    private func evidence(_ receiver: ReceiverCounts) -> Double? {
        let delays = receiver.evidence.histogram
        return delays.count > 0 ? rounded(delays.microseconds(at: 0.99) / 1_000, 10) : nil
    }

    private func write(_ receiver: ReceiverCounts, to json: inout JSONText) {
        json.key("receiver")
        json.beginObject()
        json.member("messages", Int64(receiver.messages))
        json.member("refused_messages", Int64(receiver.refusedMessages))
        json.member("unauthorized", Int64(receiver.unauthorized))
        json.member("full", Int64(receiver.full))
        json.member("not_found", Int64(receiver.notFound))
        json.member("forbidden", Int64(receiver.forbidden))
        json.member("address_full", Int64(receiver.addressFull))
        json.member("connections_refused", Int64(receiver.refusedConnections))
        write("dialects", dialects, to: &json)
        let refusals = receiver.refusals.map { (Self.snakeCase($0.key), $0.value) }
        write("errors", Dictionary(refusals, uniquingKeysWith: +), to: &json)
        json.endObject()
    }

    private func write(_ webhooks: WebhookCounts, to json: inout JSONText) {
        json.key("webhooks")
        json.beginObject()
        json.member("accepted", Int64(webhooks.accepted))
        json.member("repeated", Int64(webhooks.repeated))
        json.member("answered", Int64(webhooks.answered))
        write("refused", webhooks.refusals, to: &json)
        json.endObject()
    }

    /// `missingField` as `missing_field`.
    static func snakeCase(_ code: String) -> String {
        code.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }

    private func write(_ name: String, _ counts: [String: Int], to json: inout JSONText) {
        json.key(name)
        json.beginObject()
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { json.member(name, Int64(count)) }
        json.endObject()
    }

    private func writeSinks(to json: inout JSONText) {
        json.key("sinks")
        json.beginArray()
        for sink in pipeline.sinks {
            json.beginObject()
            json.member("name", sink.name)
            json.member("waiting", Int64(sink.waiting))
            json.member("waiting_bytes", Int64(sink.waitingBytes))
            json.member("limit_bytes", Int64(sink.limitBytes))
            json.member("refused", Int64(sink.refused))
            json.member("failures", Int64(sink.failures))
            if let spool = sink.spool {
                json.key("records")
                json.beginObject()
                json.member("waiting", Int64(spool.waiting))
                json.member("lost", Int64(spool.lost))
                json.member("failures", Int64(spool.failures))
                json.endObject()
            }
            json.endObject()
        }
        json.endArray()
    }
}
