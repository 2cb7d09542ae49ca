import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct CaptureTests {
    private let directory: TemporaryDirectory
    private var path: String { "\(directory.path)/CA1/MZ1/capture.jsonl" }
    private let messages = [
        CapturedMessage(message: .text("{\"event\":\"start\",\"x\":\"ü\\n\"}"), arrival: 0.000125),
        CapturedMessage(message: .text("line\nline\u{0}\u{1F}\u{2028}"), arrival: 0.5),
        CapturedMessage(message: WireMessage(kind: .binary, bytes: Array(0...255)), arrival: 2.25),
        CapturedMessage(message: WireMessage(kind: .binary, bytes: []), arrival: 2.25),
    ]

    init() throws {
        directory = try TemporaryDirectory()
        let format = try makeFormat(CaptureFormat.self, stream: makeStream(), in: directory)
        for message in messages { try format.append(.message(message)) }
        try format.finish(makeSummary())
    }

    private func readAll(_ path: String) throws -> (messages: [CapturedMessage], isTruncated: Bool) {
        let reader = try CaptureReader(path: path)
        var all: [CapturedMessage] = []
        while let message = try reader.next() { all.append(message) }
        return (all, reader.isTruncated)
    }

    @Test func `a capture reads back message for message`() throws {
        let header = try CaptureReader(path: path).header
        #expect(header.dialect == "twilio" && header.call == "CA1" && header.stream == "MZ1")
        #expect(header.startedAt == "2026-03-01T12:00:00.000000Z")
        let (all, isTruncated) = try readAll(path)
        #expect(all.map(\.message) == messages.map(\.message))
        #expect(all.map(\.arrival) == messages.map(\.arrival))
        #expect(!isTruncated)
    }

    @Test func `a capture cut anywhere yields its complete lines`() throws {
        let bytes = try directory.bytes("CA1/MZ1/capture.jsonl")
        let header = (bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
        for end in header...bytes.count {
            try directory.write(Array(bytes[..<end]), to: "cut.jsonl")
            let (all, isTruncated) = try readAll("\(directory.path)/cut.jsonl")
            let lines = bytes[..<end].count { $0 == UInt8(ascii: "\n") } - 1
            // A last line that lacks only its line end is complete.
            #expect(all.count == lines || all.count == lines + 1 && bytes[end] == UInt8(ascii: "\n"))
            #expect(isTruncated == (bytes[end - 1] != UInt8(ascii: "\n") && all.count == lines))
        }
    }

    @Test func `how and when the stream ended is recorded`() throws {
        let format = try makeFormat(CaptureFormat.self, stream: makeStream(call: "CA2"), in: directory)
        for message in messages { try format.append(.message(message)) }
        var summary = makeSummary(.reset)
        summary.endedAt = 65.25
        try format.finish(summary)
        let reader = try CaptureReader(path: "\(directory.path)/CA2/MZ1/capture.jsonl")
        #expect(reader.end == nil)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == messages.count)
        #expect(reader.end?.reason == .reset && reader.end?.at == 65.25)
        let killed = try CaptureReader(path: path)
        while try killed.next() != nil {}
        #expect(killed.end == nil)
    }

    @Test func `blank lines, carriage returns and a byte order mark are ignored`() throws {
        let header = "{\"sidetone_capture\":1,\"dialect\":\"d\",\"call\":\"c\",\"stream\":\"s\",\"started_at\":\"\"}"
        let text = "\u{FEFF}\(header)\r\n\r\n\n  \n{\"t\":2,\"text\":\"x\"}\r\n\n{\"t\":3,\"text\":\"y\"}\n\n \n"
        try directory.write(Array(text.utf8), to: "edited.jsonl")
        #expect(try readAll("\(directory.path)/edited.jsonl").messages.map(\.arrival) == [2, 3])
        try directory.write(Array("\n\n\(header)\n".utf8), to: "early.jsonl")
        #expect(try readAll("\(directory.path)/early.jsonl").messages.isEmpty)
    }

    @Test(arguments: [
        ("", "line 1"), ("hello\n", "line 1"), ("{\"sidetone_capture\":2,", "line 1"),
        (
            "{\"sidetone_capture\":9,\"dialect\":\"d\",\"call\":\"c\",\"stream\":\"s\",\"started_at\":\"\"}\n",
            "sidetone_capture is 9; this build reads 1"
        ),
    ])
    func `a file that is not a capture is refused with its line`(_ text: String, hint: String) throws {
        try directory.write(Array(text.utf8), to: "bad.jsonl")
        let error = #expect(throws: FileError.self) { try CaptureReader(path: "\(directory.path)/bad.jsonl") }
        #expect(error?.code == .malformed)
        #expect(error?.detail.contains(hint) == true)
    }

    @Test(arguments: [
        "{\"t\":1e300,\"text\":\"\"}", "{\"t\":-1,\"text\":\"\"}", "{\"t\":1e999,\"text\":\"\"}", "{}", "[]",
        "{\"t\":1}", "{\"t\":1,\"binary\":\"*\"}", "{\"t\":1,\"text\":\"\",\"binary\":\"\"}",
    ])
    func `an invalid line is reported and the next one read`(_ line: String) throws {
        let header = "{\"sidetone_capture\":1,\"dialect\":\"d\",\"call\":\"c\",\"stream\":\"s\",\"started_at\":\"\"}"
        try directory.write(Array("\(header)\n\(line)\n{\"t\":2,\"text\":\"x\"}\n".utf8), to: "bad.jsonl")
        let reader = try CaptureReader(path: "\(directory.path)/bad.jsonl")
        let error = #expect(throws: FileError.self) { try reader.next() }
        #expect(error?.detail.hasPrefix("line 2: ") == true)
        #expect(try reader.next()?.message == .text("x"))
        #expect(try reader.next() == nil)
    }
}
