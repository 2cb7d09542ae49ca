import Foundation
import SidetoneJSON
import SidetoneModel
import SidetonePipeline

extension Monitor {
    /// A call of the history as one object, with the same members as a call in memory.
    func json(of record: CallRecord) -> [UInt8] {
        let summary = record.streams.lazy.compactMap(\.summary).last.flatMap { text in
            try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        }
        let totals = summary?["totals"] as? [String: Any]
        var json = JSONWriter()
        json.beginObject()
        json.member("id", text: record.id)
        json.member("state", text: record.endedAt == nil ? "active" : "ended")
        json.member("started_at", text: UTCTime(unixSeconds: record.startedAt).milliseconds)
        json.member("ended_at", text: record.endedAt.map { UTCTime(unixSeconds: $0).milliseconds })
        let seconds = (summary?["seconds"] as? NSNumber)?.doubleValue ?? record.streams.compactMap(\.seconds).max()
        json.member(
            "duration_s", number: rounded(seconds ?? 0, parts: 100))
        // The store may keep numbers in full; here they are masked anyway.
        json.member("from", text: record.from.map(masked))
        json.member("to", text: record.to.map(masked))
        json.key("streams")
        json.beginArray()
        for stream in record.streams { write(stream, to: &json) }
        json.endArray()
        json.member("speaking", text: "none")
        json.member("hold", flag: false)
        json.key("tracks")
        json.beginObject()
        json.endObject()
        json.member("silence_s", number: 0.0)
        writeTotals(totals, to: &json)
        json.key("alerts")
        json.beginArray()
        json.endArray()
        json.key("totals")
        if let totals, let data = try? JSONSerialization.data(withJSONObject: totals, options: .sortedKeys) {
            json.value(json: Array(data))
        } else {
            json.null()
        }
        json.key("files")
        json.beginArray()
        for name in Set(record.streams.flatMap { downloads.names(in: $0.folder) }).sorted() { json.value(name) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private func masked(_ number: String) -> String {
        settings.showNumbers || number.contains("•") ? number : MaskedNumber.text(number)
    }

    private func write(_ stream: CallRecord.Stream, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", text: stream.id)
        json.member("dialect", text: stream.dialect)
        json.member("codec", text: stream.codec)
        json.member("sample_rate_hz", integer: Int64(stream.sampleRateHz))
        json.member("state", text: stream.endedAt == nil ? "active" : "ended")
        json.member("reason", text: stream.reason)
        json.member("folder", text: stream.folder.joined(separator: "/"))
        json.endObject()
    }

    private func writeTotals(_ totals: [String: Any]?, to json: inout JSONWriter) {
        func number(_ role: TrackRole, name: String) -> Double? {
            ((totals?[role.rawValue] as? [String: Any])?[name] as? NSNumber)?.doubleValue
        }
        func sides(_ name: String, value: (TrackRole) -> Double?) {
            json.key(name)
            json.beginObject()
            for role in TrackRole.allCases { json.member(role.rawValue, number: value(role)) }
            json.endObject()
        }
        sides("talk_share") { number($0, name: "talk_share").map { rounded($0, parts: 1_000) } }
        json.member("overtalk_s", number: (totals?["overtalk_seconds"] as? NSNumber)?.doubleValue ?? 0)
        json.key("interruptions")
        json.beginObject()
        for role in TrackRole.allCases {
            json.member(role.rawValue, integer: Int64(number(role, name: "interruptions") ?? 0))
        }
        json.endObject()
        sides("response_latency_ms") { role in
            number(role, name: "response_latency_median_seconds").map { rounded($0 * 1_000, parts: 1) }
        }
    }
}
