import Hummingbird
import NIOCore
import SidetoneModel
import SidetonePipeline

extension Monitor {
    /// What Prometheus asks for.
    func metrics() async -> Response {
        var text = MetricsText()
        let pipeline = status()
        writeReceiver(pipeline.receiver ?? ReceiverCounts(limit: 0), to: &text)
        text.metric(
            "sidetone_event_loop_lag_seconds", kind: .gauge,
            help: "How late the event loops of the media lately did what was due, at worst.",
            value: pipeline.loopLagSeconds)
        writeSinks(pipeline.sinks, to: &text)
        if let webhooks = pipeline.webhooks { write(webhooks, to: &text) }
        await board.writeMetrics(to: &text)
        writeSelf(to: &text)
        registry.write(to: &text)
        var response = Response(text: text.text)
        response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
        return response
    }

    private func writeReceiver(_ counts: ReceiverCounts, to text: inout MetricsText) {
        text.metric(
            "sidetone_streams_open", kind: .gauge, help: "Streams that are open.", value: Double(counts.streamsOpen))
        text.metric(
            "sidetone_streams_limit", kind: .gauge, help: "Streams that may be open at once.",
            value: Double(counts.limit))
        text.metric(
            "sidetone_receiver_draining", kind: .gauge, help: "1 while no new streams are taken and running ones end.",
            value: counts.isDraining ? 1 : 0)
        text.metric(
            "sidetone_messages_total", kind: .counter, help: "Messages received.", value: Double(counts.messages))
        text.metrics(
            "sidetone_messages_refused_total", kind: .counter, help: "Messages that could not be read, by their error.",
            by: "code",
            values: ["malformed": 0].merging(
                counts.refusals.map { (MonitorStatus.snakeCase($0.key), Double($0.value)) }, uniquingKeysWith: +))
        text.metrics(
            "sidetone_upgrades_refused_total", kind: .counter, help: "Streams refused before they began, by reason.",
            by: "code",
            values: [
                "unauthorized": Double(counts.unauthorized), "full": Double(counts.full),
                "not_found": Double(counts.notFound), "forbidden": Double(counts.forbidden),
                "address_full": Double(counts.addressFull),
            ])
        text.metric(
            "sidetone_connections_refused_total", kind: .counter,
            help: "Connections refused because their address or the server had too many before the upgrade.",
            value: Double(counts.refusedConnections))
        text.metric(
            "sidetone_streams_held_back_total", kind: .counter,
            help: "How often a stream was not read for a while, because its media led real time.",
            value: Double(counts.heldBack))
        text.metrics(
            "sidetone_media_dropped_total", kind: .counter,
            help: "Bytes of media that were received and never processed, by reason.", by: "code",
            values: ["held_back": Double(counts.droppedBytes)])
        text.family(
            "sidetone_row_latency_seconds", kind: .histogram,
            help: "From a message's last byte leaving the socket to its last row."
        )
        write("sidetone_row_latency_seconds", labels: [], histogram: counts.latency, to: &text)
        text.family(
            "sidetone_signal_delay_seconds", kind: .histogram,
            help: "From the arrival of the last sample of a signal's evidence to its being told.")
        write("sidetone_signal_delay_seconds", labels: [], histogram: counts.signalDelays.histogram, to: &text)
    }

    private func write(
        _ name: String, labels: [(String, String)], histogram: LatencyHistogram, to text: inout MetricsText
    ) {
        text.histogram(
            name, labels: labels, bounds: MetricsCell.bounds, counts: histogram.counts(upTo: MetricsCell.bounds),
            count: histogram.count, sum: histogram.sumSeconds)
    }

    private func writeSinks(_ sinks: [SinkStatus], to text: inout MetricsText) {
        /// Sinks of one name count together.
        func values(_ value: (SinkStatus) -> Double, join: (Double, Double) -> Double = (+)) -> [String: Double] {
            Dictionary(sinks.map { ($0.name, value($0)) }, uniquingKeysWith: join)
        }
        text.metrics(
            "sidetone_sink_waiting_blocks", kind: .gauge, help: "Blocks that wait for a sink.", by: "sink",
            values: values { Double($0.waiting) })
        text.metrics(
            "sidetone_sink_waiting_bytes", kind: .gauge, help: "Bytes that wait for a sink.", by: "sink",
            values: values { Double($0.waitingBytes) })
        text.metrics(
            "sidetone_sink_limit_bytes", kind: .gauge, help: "Bytes that may wait for a sink.", by: "sink",
            values: values { Double($0.limitBytes) })
        text.metrics(
            "sidetone_sink_queue_age_seconds", kind: .gauge, help: "How long the oldest block has waited for a sink.",
            by: "sink",
            values: values({ $0.oldestSeconds }, join: max))
        text.metrics(
            "sidetone_sink_refused_blocks_total", kind: .counter, help: "Blocks that a sink was too slow for.",
            by: "sink",
            values: values { Double($0.refused) })
        text.metrics(
            "sidetone_sink_failures_total", kind: .counter, help: "Writes of a sink that failed.", by: "sink",
            values: values { Double($0.failures) })
        writeSpools(sinks.filter { $0.spool != nil }, to: &text)
    }

    private func writeSpools(_ sinks: [SinkStatus], to text: inout MetricsText) {
        guard !sinks.isEmpty else { return }
        func values(_ value: (SinkSpool) -> Int) -> [String: Double] {
            Dictionary(sinks.map { ($0.name, Double($0.spool.map(value) ?? 0)) }, uniquingKeysWith: +)
        }
        text.metrics(
            "sidetone_sink_waiting_records", kind: .gauge,
            help: "Records that a sink keeps, because it could not write them yet.",
            by: "sink", values: values(\.waiting))
        text.metrics(
            "sidetone_sink_lost_records_total", kind: .counter, help: "Records that a sink had no room for.",
            by: "sink",
            values: values(\.lost))
        text.metrics(
            "sidetone_sink_record_failures_total", kind: .counter,
            help: "Tries of a sink to write its records that failed.",
            by: "sink", values: values(\.failures))
    }

    private func write(_ counts: WebhookCounts, to text: inout MetricsText) {
        text.metric(
            "sidetone_webhooks_accepted_total", kind: .counter, help: "Webhooks accepted.",
            value: Double(counts.accepted))
        text.metric(
            "sidetone_webhooks_repeated_total", kind: .counter, help: "Webhooks that came again.",
            value: Double(counts.repeated))
        text.metric(
            "sidetone_answers_total", kind: .counter, help: "Documents that an answer_url gave.",
            value: Double(counts.answered))
        text.metrics(
            "sidetone_webhooks_refused_total", kind: .counter, help: "Webhooks refused, by reason.", by: "code",
            values: counts.refusals.mapValues(Double.init))
    }

    private func writeSelf(to text: inout MetricsText) {
        text.metrics(
            "sidetone_monitor_subscribers", kind: .gauge,
            help: "Subscribers of events, and clients of the live socket.",
            by: "code",
            values: ["events": Double(streams.count), "live": Double(sockets.count)])
        text.metrics(
            "sidetone_monitor_cut_off_total", kind: .counter,
            help: "Subscribers that were cut off, because they took nothing.",
            by: "code", values: ["events": Double(streams.cutInAll), "live": Double(sockets.cutInAll)])
        if settings.watchdogS > 0 {
            text.metric(
                "sidetone_receiver_answers", kind: .gauge,
                help: "Whether the receiver of streams answered the watchdog last.",
                value: watchdog.answers ? 1 : 0)
            text.metric(
                "sidetone_watchdog_failures_total", kind: .counter, help: "How often it did not.",
                value: Double(watchdog.failures))
        }
        text.metric(
            "process_cpu_seconds_total", kind: .counter, help: "CPU time of the process.",
            value: ProcessUsage.cpuSeconds)
        text.metric(
            "process_resident_memory_bytes", kind: .gauge, help: "Resident memory of the process.",
            value: Double(ProcessUsage.residentBytes))
        text.metric(
            "process_start_time_seconds", kind: .gauge, help: "When the monitor began to serve, seconds since 1970.",
            value: startedAt)
    }
}

extension CallStateStore {
    func writeMetrics(to text: inout MetricsText) {
        text.metric("sidetone_calls_active", kind: .gauge, help: "Calls that are running.", value: Double(active.count))
        text.metrics(
            "sidetone_streams_started_total", kind: .counter, help: "Streams that began, by dialect.", by: "dialect",
            values: dialects.mapValues(Double.init))
        text.metrics(
            "sidetone_signals_total", kind: .counter, help: "Signals that were told, by name.", by: "code",
            values: signals.mapValues(Double.init))
        text.metrics(
            "sidetone_alerts_open", kind: .gauge, help: "Alerts of running calls, by name.", by: "code",
            values: openAlerts.mapValues(Double.init))
        func byRole(_ value: (TrackRole) -> Double) -> [String: Double] {
            Dictionary(uniqueKeysWithValues: TrackRole.allCases.map { ($0.rawValue, value($0)) })
        }
        text.metrics(
            "sidetone_gaps_total", kind: .counter, help: "Stretches of tracks of which no packets came.", by: "role",
            values: byRole { Double(gaps[$0.index]) })
        text.metrics(
            "sidetone_lost_packets_total", kind: .counter, help: "Packets that never came.", by: "role",
            values: byRole { Double(lostPackets[$0.index]) })
        text.metrics(
            "sidetone_arrival_jitter_seconds", kind: .gauge,
            help: "The arrival jitter of the running track that has most.",
            by: "role", values: byRole { role in (worstJitterMs(role) ?? 0) / 1_000 })
    }

    private var openAlerts: [String: Int] {
        var counts = Dictionary(uniqueKeysWithValues: Alert.types.map { ($0, 0) })
        for call in active.values {
            for alert in call.alerts where alert.end == nil { counts[alert.type, default: 0] += 1 }
        }
        return counts
    }

    private func worstJitterMs(_ role: TrackRole) -> Double? {
        active.values.lazy.compactMap { $0.meters[role.index]?.health?.arrivalJitterMs }.max()
    }
}
