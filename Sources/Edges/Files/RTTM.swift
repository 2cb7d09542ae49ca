import SidetoneModel

/// `segments.rttm`: one line a talk spurt, for diarisation tools (NIST, Rich Transcription 2009 evaluation plan, appendix
/// A). The channel is that of `call.wav`.
package enum RTTM: SegmentsText {
    package static let name = "rttm"
    package static let meaning = "Talk spurts as RTTM, for diarisation tools."
    package static let fileName = "segments.rttm"

    package static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String {
        spurts.map { spurt in
            let start = secondsText(spurt.start, decimals: 3)
            let length = secondsText(spurt.end - spurt.start, decimals: 3)
            let channel = spurt.track.index + 1
            return "SPEAKER \(call) \(channel) \(start) \(length) <NA> <NA> \(spurt.track.rawValue) <NA> <NA>\n"
        }.joined()
    }
}
