import Foundation
import Testing

/// The program as a user runs it: exit statuses, messages, both output streams.
@Suite(.serialized) struct CommandTests {
    @Test func `the demo plays a call and lists its output files`() async throws {
        let output = try TemporaryFolder()
        let run = try await Program.run(["demo", "--pace", "max", "-o", output.path])
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("inbound     20.90  2088"))
        #expect(
            output.files.map { $0.split(separator: "/").last.map(String.init) ?? "" } == [
                "call.wav", "inbound.csv", "inbound.wav", "outbound.csv", "outbound.wav", "signals.jsonl",
                "summary.json", "calls.sqlite",
            ])
    }

    @Test func `one unreadable file is reported and does not stop the others`() async throws {
        let folder = try TemporaryFolder()
        let bad = try folder.write("bad.wav", text: "this is no audio")
        let run = try await Program.run([
            "analyze", bad, Project.sample("overtalk-inbound.wav"), "-o", "\(folder.path)/out",
        ])
        #expect(run.status == 1)
        #expect(run.messages.contains("bad.wav"))
        #expect(folder.files.contains("out/overtalk-inbound/inbound.csv"))
    }

    @Test func `a report is one self-contained file`() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/report.html"
        let run = try await Program.run(["report", Project.sample("overtalk.wav"), "--audio", "-o", file])
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains(file))
        let html = String(decoding: try folder.bytes("report.html"), as: UTF8.self)
        // All URLs refer to the file itself.
        #expect(!html.contains("src=\"") && !html.contains("href=\"http") && html.contains("default-src 'none'"))
        #expect(html.contains("sidetone.overtalk.ended.v1") && html.contains("\"talk_share\""))
        let unknown = try await Program.run(["report", "CA-unknown", "--directory", folder.path])
        #expect(unknown.status == 2 && unknown.messages.contains("contains neither capture.jsonl"))
    }

    @Test func `a report has the id and the time of its call`() async throws {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        let stream = "\(folder.path)/out/CA1/MZ1"
        try files.createDirectory(atPath: stream, withIntermediateDirectories: true)
        try files.copyItem(atPath: Project.sample("overtalk.wav"), toPath: "\(stream)/call.wav")
        _ = try folder.write(
            "out/CA1/MZ1/summary.json",
            text: #"{"call":"CA1","stream":"MZ1","started_at":"2026-03-04T09:15:07.000000Z"}"#)
        let file = "\(folder.path)/CA1.html"
        let run = try await Program.run(["report", "CA1", "--directory", "\(folder.path)/out", "-o", file])
        #expect(run.status == 0, "\(run.messages)")
        let html = String(decoding: try folder.bytes("CA1.html"), as: UTF8.self)
        #expect(html.contains("<title>Call CA1 · Sidetone</title>"))
        #expect(html.contains(#""id":"CA1""#) && html.contains(#""started_at":"2026-03-04T09:15:07"#))
    }

    @Test func `raw files are read with the given codec`() async throws {
        let folder = try TemporaryFolder()
        let wav = try Data(contentsOf: URL(filePath: Project.sample("overtalk-inbound.wav")))
        // The data chunk of the sample is its last 167,200 bytes.
        try wav.suffix(167_200).write(to: URL(filePath: "\(folder.path)/overtalk-inbound.raw"))
        let raw = try await Program.run([
            "analyze", "\(folder.path)/overtalk-inbound.raw", "--codec", "pcmu", "-o", "\(folder.path)/raw",
        ])
        let file = try await Program.run([
            "analyze", Project.sample("overtalk-inbound.wav"), "-o", "\(folder.path)/wav",
        ])
        #expect(raw.status == 0 && file.status == 0)
        let rows = try folder.bytes("raw/overtalk-inbound/inbound.csv")
        #expect(rows == (try folder.bytes("wav/overtalk-inbound/inbound.csv")))
    }

    @Test func `an invalid pipeline lists every problem with its line`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "bad.yaml",
            text: """
                sources:
                  - websocket: { listen: "127.0.0.1:8443", allow_plaintext: true, dialect: twillio }
                stages:
                  - detect: { onset_ms: 5 }
                sinks:
                  - wva: { directory: out }
                """)
        let check = try await Program.run(["check", file])
        #expect(check.status == 2)
        let lines = check.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(
            lines.first == "\(file):2: sources.websocket.dialect is \"twillio\"; did you mean \"twilio\"? "
                + "Expected one of auto, minivoice, signalwire, twilio, vonage")
        #expect(lines.dropFirst().first == "\(file):4: stages.detect.onset_ms is 5; expected 10…500")
        #expect(lines.last?.hasPrefix("\(file):6: sinks.wva is not a sink; did you mean \"wav\"? Available: ") == true)
        let serve = try await Program.run(["serve", file])
        #expect(serve.status == 2)
        #expect(serve.messages.contains(":4: stages.detect.onset_ms is 5"))
    }

    static let statuses: [(arguments: [String], status: Int32)] = [
        (["analyze", "/nowhere/at/all.wav"], 2),
        (["analyze"], 64),
        (["frobnicate"], 64),
        (["check", "/nowhere.yaml"], 2),
        (["check", "-", "-"], 64),
        (["doctor"], 2),
        (["doctor", "--call", "x"], 2),
        (["doctor", "--actions", "/nowhere.json"], 2),
        (["doctor", "--url", "wss://x", "--platform", "twillio"], 2),
        (["doctor", "--url", "http://x"], 1),
        (["serve", "/nowhere.yaml"], 2),
        (["describe", "levle"], 2),
        (["call", "--url", "http://x"], 2),
        (["replay", "/nowhere.jsonl", "--to", "wss://127.0.0.1:1/"], 2),
        (["describe"], 0),
        (["--help"], 0),
    ]

    @Test(arguments: statuses)
    func `the exit status indicates the kind of failure`(arguments: [String], status: Int32) async throws {
        let run = try await Program.run(arguments)
        #expect(run.status == status, "\(run.messages)")
        #expect(status == 0 ? run.messages.isEmpty : !run.messages.isEmpty || !run.output.isEmpty)
    }
}
