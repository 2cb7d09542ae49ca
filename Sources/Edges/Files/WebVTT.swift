import SidetoneModel

/// `segments.vtt`: one cue per talk spurt, for players in browsers (W3C, WebVTT).
package enum WebVTT: SegmentsText {
    package static let name = "vtt"
    package static let summary = "Talk spurts as WebVTT cues, for players in browsers."
    package static let file = FileDeclaration("segments.vtt", "text/vtt; charset=utf-8")

    package static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String {
        "WEBVTT\n"
            + spurts.map { spurt in
                "\n\(clock(spurt.start)) --> \(clock(spurt.end))\n<v \(spurt.track.rawValue)>\(spurt.track.rawValue)</v>\n"
            }.joined()
    }

    /// `hh:mm:ss.ttt`, with more digits for the hours if necessary.
    private static func clock(_ seconds: Double) -> String {
        let millis = Int64((seconds * 1_000).rounded())
        let (minutes, rest) = millis.quotientAndRemainder(dividingBy: 60_000)
        let parts = [minutes / 60, minutes % 60, rest / 1_000].map { ($0 < 10 ? "0" : "") + String($0) }
        let fraction = String(1_000 + rest % 1_000).dropFirst()
        return parts.joined(separator: ":") + "." + fraction
    }
}
