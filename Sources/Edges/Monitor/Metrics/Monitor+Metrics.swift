import Hummingbird
import NIOCore
import SidetoneModel
import SidetonePipeline

extension Monitor {
    /// The metrics served to Prometheus.
    func metrics() async -> Response {
        var text = MetricsText()
        let pipeline = status()
        writeReceiver(pipeline.receiver ?? ReceiverCounts(limit: 0), to: &text)
        text.metric(
            "sidetone_event_loop_lag_seconds", kind: .gauge,
            help: "Worst recent delay of scheduled work on the media event loops.",
            value: pipeline.loopLagSeconds)
        writeSinks(pipeline.sinks, to: &text)
        if let webhooks = pipeline.webhooks { write(webhooks, to: &text) }
        await callStates.writeMetrics(to: &text)
        writeSelf(to: &text)
        registry.write(to: &text)
        var response = Response(text: text.text)
        response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
        return response
    }

    private func writeReceiver(_ counts: ReceiverCounts, to text: inout MetricsText) {
        text.metric(
            "sidetone_streams_open", kind: .gauge, help: "Open streams.", value: Double(counts.streamsOpen))
        text.metric(
            "sidetone_streams_limit", kind: .gauge, help: "Maximum concurrent streams.",
            value: Double(counts.limit))
        text.metric(
            "sidetone_receiver_draining", kind: .gauge,
            help: "1 while the receiver drains: no new streams are admitted and running ones end.",
            value: counts.isDraining ? 1 : 0)
        text.metric(
            "sidetone_messages_total", kind: .counter, help: "Messages received.", value: Double(counts.messages))
        text.metrics(
            "sidetone_messages_refused_total", kind: .counter,
            help: "Messages that could not be decoded, by error code.",
            by: "code",
            values: ["malformed": 0].merging(
                counts.refusals.map { (MonitorStatus.snakeCase($0.key), Double($0.value)) }, uniquingKeysWith: +))
        text.metrics(
            "sidetone_upgrades_refused_total", kind: .counter, help: "Refused upgrades, by reason.",
            by: "code",
            values: [
                "unauthorized": Double(counts.unauthorized), "full": Double(counts.full),
                "not_found": Double(counts.notFound), "forbidden": Double(counts.forbidden),
                "address_full": Double(counts.addressFull),
            ])
        text.metric(
            "sidetone_connections_refused_total", kind: .counter,
            help:
                "Connections refused because their address or the server had too many connections before the upgrade.",
            value: Double(counts.refusedConnections))
        text.metric(
            "sidetone_streams_held_back_total", kind: .counter,
            help: "How often reading from a stream was paused because its media was ahead of real time.",
            value: Double(counts.heldBack))
        text.metrics(
            "sidetone_media_dropped_total", kind: .counter,
            help: "Bytes of media that were received and never processed, by reason.", by: "code",
            values: ["held_back": Double(counts.droppedBytes)])
        text.family(
            "sidetone_row_latency_seconds", kind: .histogram,
            help: "From reading the last byte of a message to its last row."
        )
        write("sidetone_row_latency_seconds", labels: [], histogram: counts.latency, to: &text)
        text.family(
            "sidetone_signal_delay_seconds", kind: .histogram,
            help: "From the arrival of the sample that makes a signal decidable to its emission.")
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
        /// Sinks of the same name are summed.
        func values(_ value: (SinkStatus) -> Double, join: (Double, Double) -> Double = (+)) -> [String: Double] {
            Dictionary(sinks.map { ($0.name, value($0)) }, uniquingKeysWith: join)
        }
        text.metrics(
            "sidetone_sink_waiting_blocks", kind: .gauge, help: "Blocks queued for a sink.", by: "sink",
            values: values { Double($0.waiting) })
        text.metrics(
            "sidetone_sink_waiting_bytes", kind: .gauge, help: "Bytes queued for a sink.", by: "sink",
            values: values { Double($0.waitingBytes) })
        text.metrics(
            "sidetone_sink_limit_bytes", kind: .gauge, help: "Capacity of a sink's queue in bytes.", by: "sink",
            values: values { Double($0.limitBytes) })
        text.metrics(
            "sidetone_sink_queue_age_seconds", kind: .gauge, help: "Age of the oldest block queued for a sink.",
            by: "sink",
            values: values({ $0.oldestSeconds }, join: max))
        text.metrics(
            "sidetone_sink_refused_blocks_total", kind: .counter,
            help: "Blocks lost because the queue of a sink was full.",
            by: "sink",
            values: values { Double($0.refused) })
        text.metrics(
            "sidetone_sink_failures_total", kind: .counter, help: "Failed writes of a sink.", by: "sink",
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
            help: "Records that a sink could not write yet and keeps in memory.",
            by: "sink", values: values(\.waiting))
        text.metrics(
            "sidetone_sink_lost_records_total", kind: .counter,
            help: "Records lost because the spool of a sink was full.",
            by: "sink",
            values: values(\.lost))
        text.metrics(
            "sidetone_sink_record_failures_total", kind: .counter,
            help: "Failed attempts of a sink to write its records.",
            by: "sink", values: values(\.failures))
    }

    private func write(_ counts: WebhookCounts, to text: inout MetricsText) {
        text.metric(
            "sidetone_webhooks_accepted_total", kind: .counter, help: "Webhooks accepted.",
            value: Double(counts.accepted))
        text.metric(
            "sidetone_webhooks_repeated_total", kind: .counter, help: "Webhooks received again.",
            value: Double(counts.repeated))
        text.metric(
            "sidetone_answers_total", kind: .counter, help: "Documents served by the answer_url.",
            value: Double(counts.answered))
        text.metrics(
            "sidetone_webhooks_refused_total", kind: .counter, help: "Webhooks refused, by reason.", by: "code",
            values: counts.refusals.mapValues(Double.init))
    }

    private func writeSelf(to text: inout MetricsText) {
        text.metrics(
            "sidetone_monitor_subscribers", kind: .gauge,
            help: "Subscribers of events and clients of the live socket.",
            by: "code",
            values: ["events": Double(streams.count), "live": Double(sockets.count)])
        text.metrics(
            "sidetone_monitor_cut_off_total", kind: .counter,
            help: "Subscribers disconnected because they did not read.",
            by: "code", values: ["events": Double(streams.cutInAll), "live": Double(sockets.cutInAll)])
        if settings.watchdogS > 0 {
            text.metric(
                "sidetone_receiver_answers", kind: .gauge,
                help: "1 if the receiver of streams answered the last watchdog check.",
                value: watchdog.answers ? 1 : 0)
            text.metric(
                "sidetone_watchdog_failures_total", kind: .counter, help: "Watchdog checks that failed.",
                value: Double(watchdog.failures))
        }
        text.metric(
            "process_cpu_seconds_total", kind: .counter, help: "CPU time of the process.",
            value: ProcessUsage.cpuSeconds)
        text.metric(
            "process_resident_memory_bytes", kind: .gauge, help: "Resident memory of the process.",
            value: Double(ProcessUsage.residentBytes))
        text.metric(
            "process_start_time_seconds", kind: .gauge, help: "Start time of the monitor in seconds since 1970.",
            value: startedAt)
    }
}

extension CallStateStore {
    func writeMetrics(to text: inout MetricsText) {
        text.metric("sidetone_calls_active", kind: .gauge, help: "Active calls.", value: Double(active.count))
        text.metrics(
            "sidetone_streams_started_total", kind: .counter, help: "Streams started, by dialect.", by: "dialect",
            values: dialects.mapValues(Double.init))
        text.metrics(
            "sidetone_signals_total", kind: .counter, help: "Signals emitted, by name.", by: "code",
            values: signals.mapValues(Double.init))
        text.metrics(
            "sidetone_alerts_open", kind: .gauge, help: "Open alerts of active calls, by name.", by: "code",
            values: openAlerts.mapValues(Double.init))
        func byRole(_ value: (TrackRole) -> Double) -> [String: Double] {
            Dictionary(uniqueKeysWithValues: TrackRole.allCases.map { ($0.rawValue, value($0)) })
        }
        text.metrics(
            "sidetone_gaps_total", kind: .counter, help: "Gaps in the media of tracks.", by: "role",
            values: byRole { Double(gaps[$0.index]) })
        text.metrics(
            "sidetone_lost_packets_total", kind: .counter, help: "Lost packets.", by: "role",
            values: byRole { Double(lostPackets[$0.index]) })
        text.metrics(
            "sidetone_arrival_jitter_seconds", kind: .gauge,
            help: "Highest arrival jitter of the active tracks.",
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
