public import SidetoneAnalysis
import SidetoneModel
import SidetoneTracks

extension StreamSummary {
    /// Writes the summary as one object, as `summary.json` holds it.
    public func write(to json: inout JSONText, of stream: StreamInfo) {
        json.beginObject()
        json.member("call", stream.start.callID)
        json.member("stream", stream.start.streamID)
        json.member("dialect", stream.dialect)
        json.member("started_at", WallTime.text(stream.startedAt))
        json.member("seconds", seconds)
        json.member("reason", reason.rawValue)
        json.member("refused_messages", Int64(refusedMessages))
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
    private static func write(_ losses: StreamLosses.Report, to json: inout JSONText) {
        if !losses.blocks.isEmpty {
            json.key("lost")
            json.beginArray()
            for lost in losses.blocks {
                json.beginObject()
                json.member("sink", lost.sink)
                json.member("kind", lost.kind)
                json.member("blocks", Int64(lost.blocks))
                json.member("bytes", Int64(lost.bytes))
                json.member("start", lost.start)
                json.member("end", lost.end)
                json.endObject()
            }
            json.endArray()
        }
        guard !losses.files.isEmpty else { return }
        json.key("missing_files")
        json.beginArray()
        for file in losses.files {
            json.beginObject()
            json.member("sink", file.sink)
            json.member("file", file.name)
            json.member("reason", file.reason)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ track: StreamSummary.Track, to json: inout JSONText) {
        let counters = track.counters
        json.key(track.role.rawValue)
        json.beginObject()
        json.member("sample_rate_hz", Int64(track.sampleRate))
        json.member("samples", track.samples)
        json.member("seconds", Double(track.samples) / Double(track.sampleRate))
        json.member("rows", track.rows)
        json.member("packets", Int64(counters.packets))
        json.member("duplicates", Int64(counters.duplicates))
        json.member("late", Int64(counters.late))
        json.member("reordered", Int64(counters.reordered))
        json.member("gaps", Int64(counters.gaps))
        json.member("concealed_seconds", Double(counters.concealedSamples) / Double(track.sampleRate))
        json.member("jumps", Int64(counters.jumps))
        json.member("wrong_timestamps", Int64(counters.wrongTimestamps))
        json.member("refused_packets", Int64(counters.refused))
        json.member("odd_bytes", Int64(counters.oddBytes))
        json.endObject()
    }
}

extension CallTotals {
    /// Writes the totals as one object, with the members that `summary.json` has.
    public func write(to json: inout JSONText) {
        json.beginObject()
        json.member("overtalk_seconds", overtalkSeconds)
        json.member("overtalks", Int64(overtalks))
        json.member("silence_seconds", silenceSeconds)
        for role in TrackRole.allCases {
            json.key(role.rawValue)
            Self.write(self[role], to: &json)
        }
        json.endObject()
    }

    private static func write(_ side: Side, to json: inout JSONText) {
        json.beginObject()
        json.member("speech_seconds", side.speechSeconds)
        json.member("talk_spurts", Int64(side.talkSpurts))
        json.member("talk_share", side.talkShare)
        json.member("talk_ratio_of_call", side.talkRatioOfCall)
        json.member("active_level_dbfs", side.activeLevelDBFS)
        json.member("f0_median_hz", side.f0MedianHz)
        json.member("f0_p05_hz", side.f0LowHz)
        json.member("f0_p95_hz", side.f0HighHz)
        json.member("syllables_per_second", side.syllablesPerSecond)
        json.member("interruptions", Int64(side.interruptions))
        json.member("backchannels", Int64(side.backchannels))
        json.member("longest_monologue_seconds", side.longestMonologueSeconds)
        json.member("response_latency_count", Int64(side.responseLatency.count))
        json.member("response_latency_median_seconds", side.responseLatency.median)
        json.member("response_latency_p90_seconds", side.responseLatency.p90)
        json.member("gaps", Int64(side.gaps))
        json.member("gap_seconds", side.gapSeconds)
        json.endObject()
    }
}
