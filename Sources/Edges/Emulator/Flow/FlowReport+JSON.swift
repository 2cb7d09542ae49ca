import SidetoneCallControl
package import SidetoneJSON
import SidetonePipeline
import SidetonePlayback

extension FlowReport {
    /// The JSON that `sidetone call --format json` prints. Times are seconds of the call; URLs have no query.
    package var json: JSONValue {
        object([
            ("call_id", .text(callID)), ("status", .text(status)), ("reason", .text(reason)),
            ("seconds", number(seconds)),
            ("actions", .list(actions.map(action))), ("streams", .list(streams.map(stream))),
            (
                "variables",
                .object(JSONObject(variables.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) }))
            ),
            ("failures", .list(failures.map { .text($0) })),
        ])
    }

    private func action(_ action: ActionRecord) -> JSONValue {
        object([
            ("name", .text(action.name)), ("started", number(time(action.started))),
            ("ended", action.ended.map { number(time($0)) } ?? .null), ("outcome", .text(action.outcome.word)),
            ("detail", action.outcome.detail.map { .text($0) } ?? .null),
        ])
    }

    private func stream(_ stream: Stream) -> JSONValue {
        object([
            ("control_id", .text(stream.controlID)), ("url", .text(WebURL.withoutSecrets(stream.url))),
            ("tracks", .text(stream.tracks.rawValue)), ("started", number(stream.started)),
            ("ended", number(stream.ended)), ("messages", .whole(stream.play.messages)),
            ("bytes", .whole(stream.play.bytes)),
            ("late_p50_ms", number(stream.play.lateness.microseconds(at: 0.5) / 1_000)),
            ("late_p99_ms", number(stream.play.lateness.microseconds(at: 0.99) / 1_000)),
            ("failure", stream.play.failure.map { .text($0) } ?? .null),
            ("faults", object(stream.play.faults.all.filter { $0.count > 0 }.map { ($0.name, .whole($0.count)) })),
        ])
    }

    /// Seconds of a position on the call's timeline.
    package func time(_ position: Int64) -> Double { Double(position) / Double(sampleRate) }

    private func number(_ value: Double) -> JSONValue { .number(JSONNumber((value * 1_000).rounded() / 1_000)) }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { JSONMember($0.0, $0.1) }))
    }
}
