import SidetoneAnalysis
import SidetoneJSON
import SidetoneModel
import SidetonePipeline

extension CallState {
    /// Writes the call as one object.
    ///
    /// - Parameters:
    ///   - showsNumbers: whether telephone numbers are written as they came.
    ///   - files: the names of what can be downloaded.
    func write(to json: inout JSONWriter, showsNumbers: Bool, files: [String] = []) {
        json.beginObject()
        json.member("id", text: id)
        json.member("state", text: isActive ? "active" : "ended")
        json.member("started_at", text: UTCTime(unixSeconds: startedAt).milliseconds)
        json.member("ended_at", text: endedAt.map { UTCTime(unixSeconds: $0).milliseconds })
        json.member("duration_s", number: rounded(seconds, parts: 100))
        json.member("from", text: masked(from, showsNumbers: showsNumbers))
        json.member("to", text: masked(to, showsNumbers: showsNumbers))
        json.key("streams")
        json.beginArray()
        for stream in streams { write(stream, to: &json) }
        json.endArray()
        json.member("speaking", text: speaking)
        json.member("hold", flag: isOnHold)
        json.key("tracks")
        json.beginObject()
        for role in TrackRole.allCases {
            guard let meter = meters[role.index] else { continue }
            json.key(role.rawValue)
            write(meter, speaks: isSpeaking(role), to: &json)
        }
        json.endObject()
        json.member("silence_s", number: rounded(silence, parts: 10))
        writeSides("talk_share", to: &json) { role in talkShare(role).map { rounded($0, parts: 1_000) } }
        json.member("overtalk_s", number: rounded(overtalkSeconds, parts: 100))
        json.key("interruptions")
        json.beginObject()
        for role in TrackRole.allCases { json.member(role.rawValue, integer: Int64(interruptions[role.index])) }
        json.endObject()
        writeSides("response_latency_ms", to: &json) { role in responseLatency(role).map { rounded($0, parts: 1) } }
        json.key("alerts")
        json.beginArray()
        for alert in alerts where alert.end == nil || !isActive { write(alert, to: &json) }
        json.endArray()
        json.key("totals")
        let totals = isActive ? nil : streams.lazy.compactMap(\.summary?.totals).last
        if let totals { totals.write(to: &json) } else { json.null() }
        json.key("files")
        json.beginArray()
        for file in files { json.value(file) }
        json.endArray()
        json.endObject()
    }

    /// Writes what changes ten times a second.
    func writeLevels(to json: inout JSONWriter) {
        json.beginArray()
        json.value(id)
        json.value(rounded(seconds, parts: 100))
        json.value(speaking)
        for role in TrackRole.allCases {
            let newest = meters[role.index]?.newest
            json.value(newest?.level ?? .nan)
            json.value(Int64(isSpeaking(role) ? 1 : 0))
        }
        json.value(rounded(silence, parts: 10))
        json.value(Int64(openAlerts))
        json.endArray()
    }

    private func write(_ stream: StreamState, to json: inout JSONWriter) {
        let start = stream.info.start
        json.beginObject()
        json.member("id", text: String(start.streamID.prefix(256)))
        json.member("dialect", text: stream.info.dialect)
        json.member("codec", text: start.format.encoding.rawValue)
        json.member("sample_rate_hz", integer: Int64(start.format.sampleRate))
        json.member("state", text: stream.summary == nil ? "active" : "ended")
        json.member("reason", text: stream.summary?.reason.rawValue)
        json.member("folder", text: stream.info.folder.joined(separator: "/"))
        json.endObject()
    }

    private func write(_ meter: TrackMeter, speaks: Bool, to json: inout JSONWriter) {
        let newest = meter.newest
        json.beginObject()
        json.member("level_dbfs", number: newest?.level)
        json.member("peak_dbfs", number: newest?.peak)
        json.member("speech", flag: speaks)
        json.member("clipped", flag: meter.isClipped)
        json.member("low", flag: meter.isLow)
        json.member("dead", flag: meter.isDead)
        json.member("gaps", integer: Int64(meter.gaps))
        json.member("lost_packets", integer: Int64(meter.health?.lostPackets ?? 0))
        json.member("arrival_jitter_ms", number: meter.health?.arrivalJitterMs.map { rounded($0, parts: 100) })
        json.endObject()
    }

    private func write(_ alert: Alert, to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", text: alert.type)
        json.member("severity", text: alert.severity)
        json.member("track", text: alert.track?.rawValue)
        json.member("start", number: alert.start)
        json.member("end", number: alert.end)
        json.endObject()
    }

    private func writeSides(_ name: String, to json: inout JSONWriter, value: (TrackRole) -> Double?) {
        json.key(name)
        json.beginObject()
        for role in TrackRole.allCases { json.member(role.rawValue, number: value(role)) }
        json.endObject()
    }

    private func masked(_ number: String?, showsNumbers: Bool) -> String? {
        number.map { showsNumbers ? $0 : MaskedNumber.text($0) }
    }
}

/// A number rounded to a fraction of one: 10 for tenths.
func rounded(_ number: Double, parts: Double) -> Double { (number * parts).rounded() / parts }

extension JSONWriter {
    /// Text that may not be known: null then.
    mutating func member(_ name: String, text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }
}
