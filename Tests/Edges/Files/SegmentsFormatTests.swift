import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct SegmentsFormatTests {
    private let spurts = [
        TalkSpurt(track: .inbound, start: 0, end: 1.235), TalkSpurt(track: .outbound, start: 1, end: 2.5),
        TalkSpurt(track: .inbound, start: 3_661.0625, end: 3_662),
    ]

    @Test func `RTTM has one line per spurt`() {
        #expect(
            RTTM.text(spurts, call: "CA1", seconds: 4_000) == """
                SPEAKER CA1 1 0.000 1.235 <NA> <NA> inbound <NA> <NA>
                SPEAKER CA1 2 1.000 1.500 <NA> <NA> outbound <NA> <NA>
                SPEAKER CA1 1 3661.063 0.938 <NA> <NA> inbound <NA> <NA>

                """)
    }

    // A scorer uses the file name without its extension; fields are separated by blanks.
    @Test(arguments: [
        ("call.2024-01", "call.2024-01"), ("call one.a", "call_one.a"), ("grün", "grün"), ("a\tb\u{A0}c", "a_b_c"),
        ("", "_"),
    ])
    func `RTTM keeps the name that a scorer looks for`(call: String, file: String) {
        let line = RTTM.text(Array(spurts[..<1]), call: call, seconds: 2)
        #expect(line == "SPEAKER \(file) 1 0.000 1.235 <NA> <NA> inbound <NA> <NA>\n")
        #expect(line.split(separator: " ").count == 10)
    }

    @Test func `labels are separated by tabs`() {
        #expect(
            AudacityLabels.text(Array(spurts[..<2]), call: "CA1", seconds: 3)
                == "0.000000\t1.235000\tinbound\n1.000000\t2.500000\toutbound\n")
    }

    @Test func `cues have hours and a voice`() {
        #expect(
            WebVTT.text(Array(spurts[1...]), call: "CA1", seconds: 4_000) == """
                WEBVTT

                00:00:01.000 --> 00:00:02.500
                <v outbound>outbound</v>

                01:01:01.063 --> 01:01:02.000
                <v inbound>inbound</v>

                """)
    }

    @Test func `a TextGrid's intervals tile each tier`() {
        let grid = TextGrid.text(spurts, call: "CA1", seconds: 4_000)
        let tiers = grid.split(separator: "class = \"IntervalTier\"").dropFirst().map { tier in
            tier.split(separator: "intervals [").dropFirst().map { interval in
                interval.split(separator: "\n").dropFirst().map { line in
                    line.split(separator: "= ").last.map { $0.filter { $0 != " " && $0 != "\"" } } ?? ""
                }
            }
        }
        #expect(tiers.map(\.count) == [4, 3])
        for tier in tiers {
            #expect(tier.first?[0] == "0.000000")
            #expect(tier.last?[1] == "4000.000000")
            for (left, right) in zip(tier, tier.dropFirst()) { #expect(left[1] == right[0]) }
        }
        #expect(tiers[0].map { $0[2] } == ["speech", "", "speech", ""])
        #expect(tiers[1].map { $0[2] } == ["", "speech", ""])
    }

    @Test func `a call without speech has one silent interval per tier`() {
        let grid = TextGrid.text([], call: "CA1", seconds: 2)
        #expect(grid.contains("intervals: size = 1\n"))
        #expect(TextGrid.text([], call: "CA1", seconds: 0).contains("xmax = 0.001000\n"))
    }

    @Test func `signals become spurts in order, without overlap within a track`() throws {
        let directory = try TemporaryDirectory()
        let format = try makeFormat(SegmentsFormat<AudacityLabels>.self, stream: makeStream(), in: directory)
        let signals = [
            Signal("speech", .started, track: .inbound, start: 1),
            Signal("speech", .ended, track: .inbound, start: 1, end: 2.025),
            Signal("speech", .ended, track: .inbound, start: 2.02, end: 3),
            Signal("speech", .ended, track: .outbound, start: 0.5, end: 4),
            Signal("overtalk", .ended, start: 1, end: 2),
            Signal("speech", .ended, track: .inbound, start: 5, end: 5),
        ]
        for signal in signals { try format.append(.signal(signal)) }
        #expect(!directory.has("CA1/MZ1/labels.txt"))
        try format.finish(makeSummary())
        let right = "0.500000\t4.000000\toutbound\n1.000000\t2.025000\tinbound\n2.025000\t3.000000\tinbound\n"
        #expect(try directory.text("CA1/MZ1/labels.txt") == right)
    }
}
