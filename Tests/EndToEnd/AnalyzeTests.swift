import Foundation
import SidetoneModel
import SidetonePlayback
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// `sidetone analyze` on files of other programs, interrupted runs, and sharded runs.
@Suite(.serialized) struct AnalyzeTests {
    private func analyze(
        _ inputs: [String], folder: TemporaryFolder, options: [String] = []
    ) async throws -> Program.Result {
        try await Program.run(
            ["analyze"] + inputs + ["-o", "\(folder.path)/out", "--features", "level", "--format", "json"] + options)
    }

    private func sox(_ arguments: [String]) async throws {
        let run = try await Program.run(try Peer.find("sox"), arguments: arguments)
        try #require(run.status == 0, "\(run.messages)")
    }

    private func names(_ folder: TemporaryFolder, name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out/\(name)").sorted()
    }

    private func object(_ line: Substring) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func `after a kill no result looks complete, and resume repeats the input`() async throws {
        let folder = try TemporaryFolder()
        let call = "\(folder.path)/call.wav"
        // An older, complete result of a shorter recording of that name.
        try await sox([Project.sample("digits.wav"), call])
        #expect(try await analyze([call], folder: folder).status == 0)
        #expect(
            try names(folder, name: "call") == ["inbound.csv", "outbound.csv", "signals.jsonl", "summary.json"])
        let old = try folder.text("out/call/summary.json")
        // Five minutes: far longer than it takes to write the first rows.
        try await sox([Project.sample("overtalk.wav"), call, "repeat", "14"])
        let program = try RunningProgram(
            Program.path, ["analyze", call, "-o", "\(folder.path)/out", "--features", "level"])
        try await Wait.until("rows are written", seen: { "\(folder.files), \(program.messages)" }) {
            (try? folder.bytes("out/call/inbound.csv.partial").count) ?? 0 > 4_096
        }
        program.send(SIGKILL)
        #expect(await program.waitForEnd() == SIGKILL)
        let left = try names(folder, name: "call")
        #expect(!left.isEmpty && left.allSatisfy { $0.hasSuffix(".partial") }, "\(left)")
        let again = try await analyze([call], folder: folder, options: ["--resume"])
        #expect(again.status == 0, "\(again.messages)")
        #expect(try object(try #require(again.output.split(separator: "\n").first))["seconds"] as? Double == 313.5)
        #expect(try names(folder, name: "call") == ["inbound.csv", "outbound.csv", "signals.jsonl", "summary.json"])
        #expect(try folder.text("out/call/summary.json") != old)
        #expect(try await analyze([call], folder: folder, options: ["--resume"]).output == "")
    }

    @Test func `a damaged input is marked, is not skipped by resume, and its older results are removed`() async throws {
        let folder = try TemporaryFolder()
        let call = "\(folder.path)/call.flac"
        try await sox([Project.sample("overtalk.wav"), call])
        #expect(try await analyze([call], folder: folder).status == 0)
        let whole = try folder.bytes("call.flac")
        try whole.prefix(whole.count * 2 / 3).write(to: URL(filePath: call))
        for options in [[], ["--resume"]] {
            let run = try await analyze([call], folder: folder, options: options)
            #expect(run.status == 1)
            #expect(run.messages.contains("\(call): ") && run.messages.contains("truncated"), "\(run.messages)")
            let left = try names(folder, name: "call")
            #expect(left.contains("failed.json") && left.contains("inbound.csv.partial"))
            #expect(left.allSatisfy { $0 == "failed.json" || $0.hasSuffix(".partial") }, "\(left)")
            let mark = try object(Substring(try folder.text("out/call/failed.json")))
            #expect(mark["input"] as? String == call && (mark["error"] as? String)?.contains("truncated") == true)
        }
        try whole.write(to: URL(filePath: call))
        #expect(try await analyze([call], folder: folder, options: ["--resume"]).status == 0)
        #expect(try names(folder, name: "call") == ["inbound.csv", "outbound.csv", "signals.jsonl", "summary.json"])
    }

    @Test func `inputs with the same name have separate results, in every shard`() async throws {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        var inputs: [String] = []
        for (name, sample) in [("a/call", "digits"), ("b/call", "dead-air"), ("call-2", "overtalk-inbound")] {
            let path = "\(folder.path)/\(name).wav"
            try files.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.copyItem(atPath: Project.sample("\(sample).wav"), toPath: path)
            inputs.append(path)
        }
        var seconds: [String: Double] = [:]
        for share in 1...3 {
            let run = try await analyze(inputs, folder: folder, options: ["--shard", "\(share)/3"])
            #expect(run.status == 0, "\(run.messages)")
            let line = try object(try #require(run.output.split(separator: "\n").first))
            #expect(line["input"] as? String == inputs[share - 1])
            seconds[try #require(line["name"] as? String)] = line["seconds"] as? Double
        }
        #expect(Set(seconds.keys) == ["call", "call-2", "call-3"])
        for (name, length) in seconds {
            let summary = try object(Substring(try folder.text("out/\(name)/summary.json")))
            #expect(summary["seconds"] as? Double == length, "\(name)")
        }
        let resumed = try await analyze(inputs, folder: folder, options: ["--resume"])
        #expect(resumed.status == 0 && resumed.output == "")
    }

    @Test func `the segments of a capture and an input of their name keep results of their own`() async throws {
        let folder = try TemporaryFolder()
        var call = try WireCall(seconds: 1)
        // A second start after 14 packets of each track.
        call.messages.insert(call.messages[1], at: 30)
        var lines = [
            #"{"sidetone_capture":1,"dialect":"twilio","call":"CA1","stream":"MZ1","started_at":"2026-03-01T12:00:00Z"}"#
        ]
        for message in call.messages {
            let text = String(decoding: message.message.bytes, as: UTF8.self)
            let line = try JSONSerialization.data(withJSONObject: ["t": message.due, "text": text])
            lines.append(String(decoding: line, as: UTF8.self))
        }
        let capture = try folder.write("call.jsonl", text: lines.joined(separator: "\n") + "\n")
        let recording = "\(folder.path)/call-2.wav"
        try await sox([Project.sample("digits.wav"), recording])
        let run = try await analyze([capture, recording], folder: folder)
        #expect(run.status == 0, "\(run.messages)")
        let results = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out")
            .filter { !$0.hasPrefix(".") }.sorted()
        #expect(results == ["call", "call-2", "call-3"])
        for (name, content) in [
            ("call", #""reason":"restarted""#), ("call-2", #""dialect":"file""#), ("call-3", #""reason":"stop""#),
        ] {
            #expect(try folder.text("out/\(name)/summary.json").contains(content), "\(name)")
            #expect(
                try names(folder, name: name) == ["inbound.csv", "outbound.csv", "signals.jsonl", "summary.json"],
                "\(name)")
        }
    }

    @Test func `a codec applies to headerless files, which are recognised by their names`() async throws {
        let folder = try TemporaryFolder()
        let wav = try Data(contentsOf: URL(filePath: Project.sample("overtalk-inbound.wav")))
        // The data chunk of the sample, µ-law, is its last 167,200 bytes.
        try wav.suffix(167_200).write(to: URL(filePath: "\(folder.path)/call.ulaw"))
        let refused = try await analyze(
            [Project.sample("overtalk-inbound.wav")], folder: folder, options: ["--codec", "pcmu"])
        #expect(refused.status == 1)
        #expect(refused.messages.contains("overtalk-inbound.wav: begins with the header"), "\(refused.messages)")
        #expect(refused.messages.contains("omit --codec"))
        let named = try await analyze(
            ["\(folder.path)/call.ulaw", Project.sample("overtalk-inbound.wav")], folder: folder)
        #expect(named.status == 0, "\(named.messages)")
        let rows = try folder.bytes("out/call/inbound.csv")
        #expect(rows == (try folder.bytes("out/overtalk-inbound/inbound.csv")))
    }

    @Test(arguments: [7_000, 20_000, 37_800, 192_000])
    func `a file of any sample rate is measured, at the same times`(rate: Int) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/call.wav"
        try await sox([Project.sample("digits.wav"), "-r", "\(rate)", path])
        let run = try await analyze([path, Project.sample("digits.wav")], folder: folder)
        #expect(run.status == 0, "\(run.messages)")
        let lines = try run.output.split(separator: "\n").map { try object($0) }
        let seconds = lines.compactMap { $0["seconds"] as? Double }
        #expect(seconds.count == 2 && abs(seconds[0] - seconds[1]) < 0.001, "\(seconds)")
        func digits(_ name: String) throws -> [String] {
            try folder.text("out/\(name)/signals.jsonl").split(separator: "\n").map { try object($0) }
                .filter { ($0["type"] as? String) == "sidetone.dtmf.v1" }
                .compactMap { ($0["data"] as? [String: Any])?["digit"] as? String }
        }
        #expect(try digits("call") == digits("digits"))
        #expect(try !digits("digits").isEmpty)
    }

    @Test func `skipped files of a folder are reported, and an input without a stream fails`() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Project.sample("digits.wav"), toPath: "\(folder.path)/in/digits.wav")
        for name in ["notes.txt", "a.pdf"] { _ = try folder.write("in/\(name)", text: "x") }
        let run = try await analyze(["\(folder.path)/in"], folder: folder)
        #expect(run.status == 0)
        #expect(run.messages.contains("skipped, not analysed: \(folder.path)/in/a.pdf, \(folder.path)/in/notes.txt"))
        let header = #"{"sidetone_capture":1,"dialect":"twilio","call":"c","stream":"s","started_at":""}"#
        let empty = try folder.write("empty.json", text: "\(header)\n")
        let capture = try await analyze([empty], folder: folder)
        #expect(capture.status == 1 && capture.messages.contains("\(empty): contains no stream"))
    }

    /// ESC, CSI, BEL, a bidirectional control and a line end, wherever a file may contain them.
    private static let evil = "a\u{1B}[31m\u{9B}2J\u{7}\u{202E}z"

    @Test func `no command prints a control character of a file`() async throws {
        let folder = try TemporaryFolder()
        let evil = Self.evil
        let escaped = #"a\u001b[31m\u009b2J\u0007\u202ez\nforged: line"#
        let files = [
            try folder.write(
                "p.yaml", text: "sources:\n  - websocket: { \"\(escaped)\": 1, dialect: \"\(escaped)\" }\n"),
            try folder.write(
                "k.yaml", text: "\"\(escaped)\": 1\nsinks:\n  - \"\(escaped)\": { directory: \"\(escaped)\" }\n"),
            try folder.write("raw.yaml", text: "sinks:\n  - \(evil): {}\n"),
            try folder.write(
                "d.json", text: #"{"actions":[{"\#(escaped)":{}},{"say":{"\#(escaped)":"\#(escaped)"}}]}"#),
            try folder.write("s.json", text: #"{"sections":{"\#(escaped)":[{"stream":{"url":"\#(escaped)"}}]}}"#),
            try folder.write("u.json", text: #"{"\#(escaped)":1}"#), try folder.write("\(evil).yaml", text: "x"),
        ]
        var runs = [
            try await Program.run(["check"] + files), try await Program.run(["check", "--format", "json"] + files),
        ]
        for file in files {
            for arguments in [
                ["serve", file], ["call", "--actions", file, "--pace", "max"], ["analyze", file],
                ["analyze", "--pipeline", file, Project.sample("digits.wav")],
                ["replay", file, "--to", "ws://127.0.0.1:1/"],
                ["doctor", "--actions", file],
            ] { runs.append(try await Program.run(arguments, in: folder.path)) }
        }
        for run in runs {
            #expect(run.status != 0)
            for scalar in (run.output + run.messages).unicodeScalars where scalar != "\n" && scalar != "\t" {
                let acts = [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
                #expect(!acts, "\(run.output)\(run.messages)")
                if acts { break }
            }
            #expect(!run.output.contains("\nforged") && !run.messages.contains("\nforged"), "\(run.messages)")
        }
    }
}
