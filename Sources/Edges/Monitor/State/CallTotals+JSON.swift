import SidetoneAnalysis
import SidetoneModel
import SidetonePipeline

extension CallTotals {
    /// Writes the totals as one object, with the members that `summary.json` has.
    func write(to json: inout JSONText) {
        json.beginObject()
        json.member("overtalk_seconds", overtalkSeconds)
        json.member("overtalks", Int64(overtalks))
        json.member("silence_seconds", silenceSeconds)
        for role in TrackRole.allCases {
            json.key(role.rawValue)
            write(self[role], to: &json)
        }
        json.endObject()
    }

    private func write(_ side: Side, to json: inout JSONText) {
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
