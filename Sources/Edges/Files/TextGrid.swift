import SidetoneModel

/// `segments.TextGrid`: one interval tier per track, for Praat (Praat manual, "TextGrid file formats", long text format).
package enum TextGrid: SegmentsText {
    package static let name = "textgrid"
    package static let summary = "Talk spurts as a Praat TextGrid with one tier per track."
    package static let file = FileDeclaration("segments.TextGrid", FileDeclaration.plainText)

    package static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String {
        // Praat does not accept empty tiers: a call without media gets a length of one millisecond.
        let length = secondsText(max(seconds, 0.001), decimals: 6)
        let tiers = ["inbound", "outbound"]
        var text = """
            File type = "ooTextFile"
            Object class = "TextGrid"

            xmin = 0
            xmax = \(length)
            tiers? <exists>
            size = \(tiers.count)
            item []:

            """
        for (index, tier) in tiers.enumerated() {
            let intervals = intervals(spurts.filter { $0.track.rawValue == tier }, until: length)
            text += """
                    item [\(index + 1)]:
                        class = "IntervalTier"
                        name = "\(tier)"
                        xmin = 0
                        xmax = \(length)
                        intervals: size = \(intervals.count)

                """
            for (number, interval) in intervals.enumerated() {
                text += """
                            intervals [\(number + 1)]:
                                xmin = \(interval.start)
                                xmax = \(interval.end)
                                text = "\(interval.text)"

                    """
            }
        }
        return text
    }

    /// Spurts and the silences between them, without gaps, with the times as written.
    private static func intervals(
        _ spurts: [TalkSpurt], until length: String
    ) -> [(start: String, end: String, text: String)] {
        var intervals: [(start: String, end: String, text: String)] = []
        var last = secondsText(0, decimals: 6)
        for spurt in spurts {
            let start = secondsText(spurt.start, decimals: 6)
            let end = secondsText(spurt.end, decimals: 6)
            if start != last { intervals.append((last, start, "")) }
            if start != end { intervals.append((start, end, "speech")) }
            last = end
        }
        if last != length { intervals.append((last, length, "")) }
        return intervals
    }
}
