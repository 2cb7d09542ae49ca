import SidetoneModel

/// `labels.txt`: one line per talk spurt, for Audacity's label tracks: start, end and label, separated by tabs.
package enum AudacityLabels: SegmentsText {
    package static let name = "labels"
    package static let summary = "Talk spurts as labels for Audacity."
    package static let file = FileDeclaration("labels.txt", FileDeclaration.plainText)

    package static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String {
        spurts.map { spurt in
            "\(secondsText(spurt.start, decimals: 6))\t\(secondsText(spurt.end, decimals: 6))\t\(spurt.track.rawValue)\n"
        }.joined()
    }
}
