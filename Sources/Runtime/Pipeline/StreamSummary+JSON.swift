package import SidetoneAnalysis
package import SidetoneJSON
import SidetoneModel
import SidetoneTracks

extension StreamSummary {
    /// Writes the summary as one object, as `summary.json` holds it.
    package func write(to json: inout JSONWriter, of stream: StreamInfo) {
        json.beginObject()
        json.member("call", text: stream.start.callID)
        json.member("stream", text: stream.start.streamID)
        json.member("dialect", text: stream.dialect)
        json.member("started_at", text: UTCTime(unixSeconds: stream.startedAt).microseconds)
        json.member("seconds", number: seconds)
        json.member("reason", text: reason.rawValue)
        json.member("refused_messages", integer: Int64(refusedMessages))
        if !remarks.isEmpty {
            json.key("remarks")
            json.beginArray()
            for remark in remarks { json.value(remark) }
            json.endArray()
        }
        json.key("tracks")
        json.beginObject()
        for track in tracks { Self.write(track, to: &json) }
        json.endObject()
        if let totals {
            json.key("totals")
            totals.write(to: &json)
        }
        Self.write(stream.losses.report, to: &json)
        json.endObject()
    }

    /// What sinks lost of the stream; nothing where nothing was lost.
    private static func write(_ losses: StreamLosses.Report, to json: inout JSONWriter) {
        if !losses.blocks.isEmpty {
            json.key("lost")
            json.beginArray()
            for lost in losses.blocks {
                json.beginObject()
                json.member("sink", text: lost.sink)
                json.member("kind", text: lost.kind)
                json.member("blocks", integer: Int64(lost.blocks))
                json.member("bytes", integer: Int64(lost.bytes))
                json.member("start", number: lost.start)
                json.member("end", number: lost.end)
                json.endObject()
            }
            json.endArray()
        }
        guard !losses.files.isEmpty else { return }
        json.key("missing_files")
        json.beginArray()
        for file in losses.files {
            json.beginObject()
            json.member("sink", text: file.sink)
            json.member("file", text: file.name)
            json.member("reason", text: file.reason)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ track: StreamSummary.Track, to json: inout JSONWriter) {
        let counters = track.counters
        json.key(track.role.rawValue)
        json.beginObject()
        json.member("sample_rate_hz", integer: Int64(track.sampleRate))
        json.member("samples", integer: track.samples)
        json.member("seconds", number: Double(track.samples) / Double(track.sampleRate))
        json.member("rows", integer: track.rows)
        json.member("packets", integer: Int64(counters.packets))
        json.member("duplicates", integer: Int64(counters.duplicates))
        json.member("late", integer: Int64(counters.late))
        json.member("reordered", integer: Int64(counters.reordered))
        json.member("gaps", integer: Int64(counters.gaps))
        json.member("concealed_seconds", number: Double(counters.concealedSamples) / Double(track.sampleRate))
        json.member("jumps", integer: Int64(counters.jumps))
        json.member("wrong_timestamps", integer: Int64(counters.wrongTimestamps))
        json.member("refused_packets", integer: Int64(counters.refused))
        json.member("odd_bytes", integer: Int64(counters.oddBytes))
        json.endObject()
    }
}

extension CallTotals {
    /// Writes the totals as one object, with the members that `summary.json` has.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("overtalk_seconds", number: overtalkSeconds)
        json.member("overtalks", integer: Int64(overtalks))
        json.member("silence_seconds", number: silenceSeconds)
        for role in TrackRole.allCases {
            json.key(role.rawValue)
            Self.write(self[role], to: &json)
        }
        json.endObject()
    }

    private static func write(_ side: Side, to json: inout JSONWriter) {
        json.beginObject()
        json.member("speech_seconds", number: side.speechSeconds)
        json.member("talk_spurts", integer: Int64(side.talkSpurts))
        json.member("talk_share", number: side.talkShare)
        json.member("talk_ratio_of_call", number: side.talkRatioOfCall)
        json.member("active_level_dbfs", number: side.activeLevelDBFS)
        json.member("f0_median_hz", number: side.f0MedianHz)
        json.member("f0_p05_hz", number: side.f0LowHz)
        json.member("f0_p95_hz", number: side.f0HighHz)
        json.member("syllables_per_second", number: side.syllablesPerSecond)
        json.member("interruptions", integer: Int64(side.interruptions))
        json.member("backchannels", integer: Int64(side.backchannels))
        json.member("longest_monologue_seconds", number: side.longestMonologueSeconds)
        json.member("response_latency_count", integer: Int64(side.responseLatency.count))
        json.member("response_latency_median_seconds", number: side.responseLatency.median)
        json.member("response_latency_p90_seconds", number: side.responseLatency.p90)
        json.member("gaps", integer: Int64(side.gaps))
        json.member("gap_seconds", number: side.gapSeconds)
        json.endObject()
    }
}
