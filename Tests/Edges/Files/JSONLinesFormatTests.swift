import Foundation
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct JSONLinesFormatTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `a signal is one CloudEvents line`() throws {
        let format = try makeFormat(JSONLinesFormat.self, stream: makeStream(), in: directory)
        try format.append(.signal(Signal("speech", .started, track: .inbound, start: 0.5)))
        try format.append(
            .signal(
                Signal(
                    "media.gap", .moment, start: 1, end: 1.25,
                    values: [.init("cause", .text("lost")), .init("n", .integer(2)), .init("x", .number(.nan))])))
        let right = """
            {"specversion":"1.0","id":"MZ1-1","source":"/sidetone/twilio","type":"sidetone.speech.started.v1",\
            "subject":"CA1","time":"2026-03-01T12:00:00.500000Z","datacontenttype":"application/json",\
            "data":{"track":"inbound","start":0.5}}
            {"specversion":"1.0","id":"MZ1-2","source":"/sidetone/twilio","type":"sidetone.media.gap.v1",\
            "subject":"CA1","time":"2026-03-01T12:00:01.000000Z","datacontenttype":"application/json",\
            "data":{"start":1.0,"end":1.25,"cause":"lost","n":2,"x":null}}

            """
        #expect(try directory.text("CA1/MZ1/signals.jsonl") == right, "written before the end, too")
        try format.finish(makeSummary())
        #expect(try directory.text("CA1/MZ1/signals.jsonl") == right)
    }

    @Test func `untrusted text stays within its string`() throws {
        let attack = "\"},\n{\u{0}\u{7F}\\ \u{2028}<b>ü"
        let format = try makeFormat(JSONLinesFormat.self, stream: makeStream(attack), in: directory)
        try format.append(.signal(Signal("dtmf", .moment, start: 0, values: [.init("digit", .text(attack))])))
        try format.finish(nil)
        let folder = try #require(try directory.names("CA1").first)
        let lines = try directory.text("CA1/\(folder)/signals.jsonl").split(separator: "\n")
        #expect(lines.count == 1)
        let event = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
        #expect(event?["id"] as? String == "\(attack)-1")
    }
}

@Suite struct SummaryFormatTests {
    @Test func `a summary holds the totals and is written once`() throws {
        let directory = try TemporaryDirectory()
        let format = try makeFormat(SummaryFormat.self, stream: makeStream(), in: directory)
        #expect(try directory.names("CA1/MZ1") == [])
        try format.finish(makeSummary(.timeout))
        #expect(try directory.names("CA1/MZ1") == ["summary.json"])
        let right = """
            {"call":"CA1","stream":"MZ1","dialect":"twilio","started_at":"2026-03-01T12:00:00.000000Z","seconds":2.0,\
            "reason":"timeout","refused_messages":3,"tracks":{"inbound":{"sample_rate_hz":8000,"samples":16000,\
            "seconds":2.0,"rows":198,"packets":100,"duplicates":0,"late":0,"reordered":0,"gaps":1,\
            "concealed_seconds":0.02,"jumps":0,"wrong_timestamps":0,"refused_packets":0,"odd_bytes":0}}}

            """
        #expect(try directory.text("CA1/MZ1/summary.json") == right)
    }

    @Test func `a stream that did not end has no summary`() throws {
        let directory = try TemporaryDirectory()
        try makeFormat(SummaryFormat.self, stream: makeStream(), in: directory).finish(nil)
        #expect(try directory.names("CA1/MZ1") == [])
    }
}
