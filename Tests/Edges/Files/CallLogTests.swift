import Foundation
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct CallLogTests {
    private let directory: TemporaryDirectory
    private var out: String { "\(directory.path)/out" }

    init() throws { directory = try TemporaryDirectory() }

    private func entry(
        _ event: String, log: CallLogEntry.Log = .receiver, call: String = "CA1", at time: Double = 1_772_366_400,
        values: [Signal.Entry] = []
    ) -> CallLogEntry {
        CallLogEntry(time: time, log: log, call: call, event: event, values: values)
    }

    @Test func `each log of a call is a file, and entries of no call are in the top-level file`() throws {
        let writer = CallLogWriter(directory: out)
        try writer.write([
            entry("actions.served", log: .answer), entry("stream.opened"), entry("call.created", log: .webhook),
            entry("upgrade.refused", call: ""),
        ])
        try writer.write([entry("stream.ended")])
        #expect(try directory.names("out") == ["CA1", "receiver.jsonl"])
        #expect(try directory.names("out/CA1") == ["answer.jsonl", "receiver.jsonl", "webhook.jsonl"])
        #expect(try directory.text("out/CA1/receiver.jsonl").split(separator: "\n").count == 2)
        #expect(
            try directory.text("out/CA1/answer.jsonl")
                == #"{"time":"2026-03-01T12:00:00.000000Z","log":"answer","call":"CA1","event":"actions.served","data":{}}"#
                + "\n")
    }

    @Test func `an unverified entry creates no folder, and is found with its call once that has one`() throws {
        let writer = CallLogWriter(directory: out)
        var served = entry("actions.served", log: .answer, at: 1_772_366_399)
        served.isVerified = false
        var forged = entry("call.completed", log: .webhook, call: "CA2")
        forged.isVerified = false
        try writer.write([served, forged])
        #expect(try directory.names("out") == ["answer.jsonl", "webhook.jsonl"])
        #expect(try CallLogFolder(out).log(of: "CA1") == [])
        #expect(try CallLogFolder(out).newestCalls(limit: 9).isEmpty)
        try writer.write([entry("stream.opened")])
        #expect(try CallLogFolder(out).log(of: "CA1").map(\.event) == ["actions.served", "stream.opened"])
        #expect(try CallLogFolder(out).log(of: "CA1").map(\.isVerified) == [false, true])
        // The call is known now: its later entries are in its folder.
        try writer.write([served])
        #expect(try directory.names("out/CA1") == ["answer.jsonl", "receiver.jsonl"])
        #expect(try CallLogFolder(out).log(of: "CA2") == [])
    }

    @Test func `unverified entries leave room in the top-level file for refused requests`() throws {
        let writer = CallLogWriter(directory: out, fileLimit: 10_000)
        var forged = entry("call.completed", log: .webhook, call: "CA2")
        forged.isVerified = false
        for _ in 0..<200 { try writer.write([forged]) }
        #expect(writer.passedOver > 0)
        let before = writer.passedOver
        try writer.write([entry("webhook.refused", log: .webhook, call: "")])
        #expect(writer.passedOver == before)
        #expect(try directory.text("out/webhook.jsonl").hasSuffix("\"event\":\"webhook.refused\",\"data\":{}}\n"))
    }

    @Test func `lines are read back as written, in the order of their times`() throws {
        let values: [Signal.Entry] = [
            .init("detail", .text("line\u{2028}\n\u{1B}[31m\"quoted\", Grüße")), .init("status", .integer(401)),
            .init("seconds", .number(1.25)), .init("timed_out", .flag(true)),
        ]
        let entries = [
            entry("call.created", log: .webhook, at: 1_772_366_401.5, values: values),
            entry("stream.opened", at: 1_772_366_400.25),
        ]
        try CallLogWriter(directory: out).write(entries)
        #expect(try CallLogFolder(out).log(of: "CA1") == [entries[1], entries[0]])
    }

    @Test func `numbers are masked unless kept by setting`() throws {
        let called = entry("call.created", log: .webhook, values: [.init("to", .text("+4930111222"))])
        try CallLogWriter(directory: out).write([called])
        #expect(try CallLogFolder(out).log(of: "CA1").first?.text("to") == "+49••••••22")
        try CallLogWriter(directory: "\(out)/full", keepsNumbers: true).write([called])
        #expect(try CallLogFolder("\(out)/full").log(of: "CA1") == [called])
    }

    @Test(arguments: ["../../escape", "/etc/passwd", "a\u{0}b", String(repeating: "x", count: 300), "..", ".", "Ａ"])
    func `an odd id stays within the folder and is found again`(id: String) throws {
        try CallLogWriter(directory: out).write([entry("stream.opened", call: id)])
        let names = try directory.names("out")
        #expect(names == [SafeName.component(id)] && names != [id])
        #expect(try directory.names() == ["out"])
        let folder = try CallLogFolder(out)
        #expect(try folder.newestCalls(limit: 10).map(\.id) == [id])
        #expect(try folder.log(of: id).count == 1)
        #expect(try folder.log(of: names[0]).count == 1, "the name of its folder is as good")
    }

    @Test func `a file at its limit drops further lines and counts them`() throws {
        let writer = CallLogWriter(directory: out, fileLimit: 250)
        for _ in 0..<10 { try writer.write([entry("stream.opened")]) }
        #expect(try directory.bytes("out/CA1/receiver.jsonl").count <= 250)
        #expect(writer.passedOver == 8)
        try writer.write([entry("call.created", log: .webhook)])
        #expect(try CallLogFolder(out).log(of: "CA1").count == 3)
    }

    @Test func `a truncated line is terminated, and skipped when it is read`() throws {
        try CallLogWriter(directory: out).write([entry("stream.opened")])
        let whole = try directory.bytes("out/CA1/receiver.jsonl")
        try directory.write(whole + Array(whole.prefix(40)), to: "out/CA1/receiver.jsonl")
        try CallLogWriter(directory: out).write([entry("stream.ended")])
        #expect(try CallLogFolder(out).log(of: "CA1").map(\.event) == ["stream.opened", "stream.ended"])
    }

    @Test func `a symbolic link in the way is not followed`() throws {
        try FileManager.default.createDirectory(atPath: "\(out)/CA1", withIntermediateDirectories: true)
        try directory.write([], to: "other")
        symlink("\(directory.path)/other", "\(out)/CA1/receiver.jsonl")
        #expect(throws: FileError.self) { try CallLogWriter(directory: out).write([entry("stream.opened")]) }
        #expect(try directory.bytes("other") == [])
    }

    @Test func `a failure for one call does not lose the line of another`() throws {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        try directory.write([], to: "out/CA1")
        #expect(throws: FileError.self) {
            try CallLogWriter(directory: out).write([entry("stream.opened"), entry("stream.opened", call: "CA2")])
        }
        #expect(try CallLogFolder(out).log(of: "CA2").count == 1)
    }

    @Test func `calls are listed by their last line, newest first`() throws {
        let writer = CallLogWriter(directory: out)
        for call in ["CA1", "CA2", "CA3"] { try writer.write([entry("stream.opened", call: call)]) }
        for (call, time) in [("CA1", 300.0), ("CA2", 100.0), ("CA3", 200.0)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: "\(out)/\(call)/receiver.jsonl")
        }
        #expect(try CallLogFolder(out).newestCalls(limit: 2).map(\.id) == ["CA1", "CA3"])
    }

    @Test func `a call without logs is known by the files of its streams`() throws {
        let odd = "call.of:nobody"
        for folder in ["CA1", SafeName.component(odd), "CA2", "CA3", "notes"] {
            try FileManager.default.createDirectory(atPath: "\(out)/\(folder)/MZ1", withIntermediateDirectories: true)
        }
        for (folder, call) in [("CA1", "CA1"), (SafeName.component(odd), odd)] {
            try directory.write(
                Array(
                    #"{"call":"\#(call)","started_at":"2026-03-04T09:15:07.000000Z","seconds":31.5,"reason":"stop"}"#
                        .utf8),
                to: "out/\(folder)/MZ1/summary.json")
        }
        let events = ["started.v1", "ended.v1"].enumerated().map { number, phase in
            #"{"type":"sidetone.stream.\#(phase)","subject":"CA2","time":"2026-03-04T09:15:1\#(number).000000Z","data":{"reason":"reset"}}"#
        }
        try directory.write(Array(events.joined(separator: "\n").utf8), to: "out/CA2/MZ1/signals.jsonl")
        try directory.write([], to: "out/CA3/MZ1/inbound.csv")
        try directory.write([], to: "out/notes/MZ1/nobody.txt")
        let folder = try CallLogFolder(out)
        #expect(Set(try folder.newestCalls(limit: 10).map(\.id)) == ["CA1", "CA2", "CA3", odd])
        let start = 1_772_615_707.0
        let whole = ArchivedStream(startedAt: start, endedAt: start + 31.5, reason: "stop", seconds: 31.5)
        #expect(folder.streams(of: "CA1") == [whole] && folder.streams(of: odd) == [whole])
        #expect(
            folder.streams(of: "CA2") == [ArchivedStream(startedAt: start + 3, endedAt: start + 4, reason: "reset")])
        #expect(folder.streams(of: "CA3") == [ArchivedStream(startedAt: nil, endedAt: nil, reason: nil)])
        #expect(folder.streams(of: "CA4") == [] && folder.streams(of: "../notes") == [])
    }

    @Test func `a missing directory is an error, a missing call is not`() throws {
        #expect(throws: FileError.self) { try CallLogFolder("\(directory.path)/nowhere") }
        #expect(try CallLogFolder(directory.path).log(of: "CA1") == [])
        #expect(try CallLogFolder(directory.path).events(of: "../..") == [])
    }

    @Test func `the sink writes logs, ignores everything else, and leaves no file open`() async throws {
        var settings = CallLogSettings()
        settings.directory = out
        let sink = CallLogSink(settings, logger: quiet)
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for number in 0..<300 {
            try await sink.write([
                .stream(makeStream(), .opened), .log(entry("stream.opened", call: "CA\(number)")),
            ])
        }
        // Other tests run concurrently; a leak would be at least 300.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count - before < 150)
        await sink.close()
        await sink.close()
        #expect(try directory.names("out").count == 300)
    }
}
