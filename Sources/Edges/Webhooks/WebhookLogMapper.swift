import SidetoneCallControl
import SidetoneJSON
import SidetoneModel

/// Maps webhooks to entries of the webhook log. `sent_at` is the platform's time in seconds since 1970. Digits, variables
/// and tokens are left out.
enum WebhookLogMapper {
    static func received(
        _ webhook: MiniVoiceWebhook, platform: String, method: WebhookRequest.Method, at now: Double
    ) -> ReceivedWebhook {
        let call = webhook.call
        var values = base(platform, method: method, sent: webhook.createdAt)
        values += [.init("status", .text(call.status)), .init("direction", .text(call.direction.rawValue))]
        values += texts([("from", call.from), ("to", call.to)])
        for name in ["status", "recording_id", "reason"] {
            guard case .text(let text)? = webhook.data[name] else { continue }
            values.append(.init(name == "status" ? "data_status" : name, .text(text)))
        }
        if case .flag(let flag)? = webhook.data["timed_out"] { values.append(.init("timed_out", .flag(flag))) }
        return ReceivedWebhook(
            platform: platform, key: webhook.idempotencyKey,
            entry: CallLogEntry(
                time: now, log: .webhook, call: call.id, event: webhook.event.rawValue, values: values))
    }

    static func received(
        _ status: StreamStatus, platform: String, method: WebhookRequest.Method, at now: Double
    ) -> ReceivedWebhook {
        var values: [Signal.Entry] = [
            .init("platform", .text(platform)), .init("method", .text(method.rawValue)),
        ]
        if let time = status.timestamp?.value, time.isFinite { values.append(.init("sent_at", .number(time))) }
        values.append(.init("control_id", .text(status.controlID)))
        values += texts([("name", status.name)])
        // A control id may be reused once its stream has ended: the time distinguishes such streams.
        let key = "\(status.callID):\(status.controlID):\(status.state.rawValue):\(status.timestamp?.literal ?? "")"
        return ReceivedWebhook(
            platform: platform, key: key,
            entry: CallLogEntry(
                time: now, log: .webhook, call: status.callID, event: "stream.\(status.state.rawValue)", values: values)
        )
    }

    static func received(
        _ status: CXMLStreamStatus, platform: String, method: WebhookRequest.Method, at now: Double
    ) -> ReceivedWebhook {
        var values = base(platform, method: method, sent: status.timestamp)
        values += texts([
            ("stream", status.streamSID), ("name", status.streamName), ("track", status.track), ("error", status.error),
        ])
        let event =
            switch status.event {
            case .started: "stream.started"
            case .stopped: "stream.stopped"
            case .error: "stream.error"
            }
        return ReceivedWebhook(
            platform: platform,
            key: "\(status.callSID):\(status.streamSID):\(status.event.rawValue):\(status.timestamp?.unixMs ?? 0)",
            entry: CallLogEntry(time: now, log: .webhook, call: status.callSID, event: event, values: values))
    }

    static func received(
        _ status: CXMLCallStatus, platform: String, method: WebhookRequest.Method, at now: Double
    ) -> ReceivedWebhook {
        var values = base(platform, method: method, sent: status.timestamp)
        values.append(.init("status", .text(status.status.rawValue)))
        values += texts([("direction", status.direction), ("from", status.from), ("to", status.to)])
        if let seconds = status.durationSeconds { values.append(.init("duration_seconds", .integer(Int64(seconds)))) }
        return ReceivedWebhook(
            platform: platform, key: "\(status.callSID):\(status.status.rawValue)",
            entry: CallLogEntry(
                time: now, log: .webhook, call: status.callSID, event: status.event.rawValue, values: values))
    }

    private static func base(
        _ platform: String, method: WebhookRequest.Method, sent: UTCTime?
    ) -> [Signal.Entry] {
        var values: [Signal.Entry] = [
            .init("platform", .text(platform)), .init("method", .text(method.rawValue)),
        ]
        if let sent { values.append(.init("sent_at", .number(Double(sent.unixMs) / 1_000))) }
        return values
    }

    private static func texts(_ texts: [(String, String?)]) -> [Signal.Entry] {
        texts.compactMap { name, text in text.map { Signal.Entry(name, .text($0)) } }
    }
}
