import Foundation
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneService
import SidetoneStore
import Testing
import sidetone

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The call history of the real program: the store and the files contain the same.
@Suite(.serialized) struct HistoryTests {
    private static let sinks = ["csv", "jsonl", "summary", "wav", "store"]

    /// Plays a call into a pipeline with a store, and returns its directory.
    private func history(calls: Int = 1) async throws -> TemporaryFolder {
        let run = try await LiveServer.run(sinks: Self.sinks) { server in
            try await server.play { $0.calls = calls }
        }
        #expect(run.report.isWhole)
        #expect(run.value.failures == [])
        return run.output
    }

    @Test func `the history of a call matches its files`() async throws {
        let output = try await history()
        let reader = try CallReader(directory: output.path)
        let call = try #require(try await reader.calls(CallQuery()).first)
        let stream = try #require(call.streams.first)
        let folder = stream.folder.joined(separator: "/")
        #expect(stream.folder.count == 2)
        #expect(stream.reason == "stop")
        let lines = try output.text("\(folder)/signals.jsonl").split(separator: "\n").map(String.init)
        #expect(try await reader.events(of: call.id) == lines)
        #expect(try output.text("\(folder)/summary.json") == (stream.summary ?? "") + "\n")
        // The sample lasts 20.9 s.
        #expect(abs((call.endedAt ?? 0) - call.startedAt - 20.9) < 0.001)
        let recordings = try await reader.recordings(of: call.id, before: nil, limit: 10)
        #expect(recordings.map(\.file.name) == ["call.wav", "inbound.wav", "outbound.wav"])
        for recording in recordings {
            #expect(abs(recording.file.seconds - 20.9) < 0.001)
            #expect(recording.file.bytes == Int64(try output.bytes("\(folder)/\(recording.file.name)").count))
        }
        let overview = try await reader.overview(of: call.id, from: 0, to: .infinity)
        #expect(overview.map(\.count) == [209, 209])
        let samples = try Samples.read(Project.sample("overtalk-inbound.wav"))
        for step in 0..<209 {
            let heard = samples[(step * 800)..<((step + 1) * 800)].map { Float($0) / 32_768 }
            // Square-rooted in 127 steps: half of one at full scale is 1/127.
            #expect(abs((overview.first?.waveMax[step] ?? 0) - max(0, heard.max() ?? 0)) < 0.008)
        }
        #expect(try await reader.problems() == [])
    }

    @Test(.timeLimit(.minutes(5)))
    func `after a kill at any moment the history opens, and the next start ends open streams as lost`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("history, killed at any moment: seed \(seed)")
        var generator = SplitMix64(seed: seed)
        let call = try WireCall(seconds: 6)
        for round in 1...10 {
            let output = try TemporaryFolder()
            let extra = "  - store: { directory: \"\(output.path)\", batch_ms: 50 }"
            let serve = try await ServeProcess(output: output, moreSinks: extra)
            let messages = Int.random(in: 2..<580, using: &generator)
            try await SignalTests().during(serve.url, call: call, messages: messages) { _, _ in
                // Until the stream is in the history; the kill happens at a random time after that.
                try await Wait.until("the stream is in the history", seen: { "\(output.files)" }) {
                    (try? await CallReader(directory: output.path).calls(CallQuery()).count) == 1
                }
                serve.send(SIGKILL)
            }
            #expect(await serve.waitForEnd() == SIGKILL)
            let torn = try CallReader(directory: output.path)
            #expect(try await torn.problems() == [], "round \(round) of seed \(seed)")
            #expect(try await torn.calls(CallQuery(state: .active)).count == 1)
            let next = try await ServeProcess(output: output, moreSinks: extra)
            next.send(SIGTERM)
            #expect(await next.waitForEnd() == 0)
            let reader = try CallReader(directory: output.path)
            let record = try #require(try await reader.calls(CallQuery(state: .ended)).first)
            #expect(record.streams.map(\.reason) == ["lost"])
            #expect((record.endedAt ?? 0) >= record.startedAt)
            #expect(try await reader.problems() == [], "round \(round) of seed \(seed)")
        }
    }

    @Test func `purge removes a call with its folder and reports it`() async throws {
        let output = try await history(calls: 2)
        let calls = try await CallReader(directory: output.path).calls(CallQuery())
        let id = try #require(calls.first?.id)
        let dry = try await Program.run(["purge", "--directory", output.path, "--call", id, "--files", "--dry-run"])
        #expect(dry.status == 0, "\(dry.messages)")
        #expect(dry.output.hasPrefix("would remove \(id): "))
        #expect(output.files.contains { $0.hasPrefix("\(id)/") })
        let run = try await Program.run(["purge", "--directory", output.path, "--call", id, "--files"])
        #expect(run.status == 0, "\(run.messages)")
        // Two CSV, signals, summary, three WAV.
        #expect(run.output.hasPrefix("removed \(id): 7 files, "))
        #expect(!output.files.contains { $0.hasPrefix("\(id)/") })
        #expect(try await CallReader(directory: output.path).calls(CallQuery()).map(\.id) == [calls.last?.id])
        let old = try await Program.run(["purge", "--directory", output.path, "--older-than", "1d", "--files"])
        #expect(old.status == 0 && old.messages.contains("removed 0 calls"))
        let other = try #require(calls.last?.id)
        let rest = try await Program.run(["purge", "--directory", output.path, "--call", other])
        #expect(rest.output == "removed \(other)\n")
        #expect(output.files.contains { $0.hasSuffix("/call.wav") }, "files are kept unless requested")
        let none = try await Program.run(["purge", "--directory", output.path, "--call", id])
        #expect(none.status == 2)
        #expect(none.messages.contains("contains no call"))
    }

    @Test func `the calls of a history are listed and printed without their files`() async throws {
        let run = try await LiveServer.run(sinks: ["store"]) { server in try await server.play() }
        let directory = run.output.path
        #expect(run.output.files == ["calls.sqlite"])
        let id = try #require(try await CallReader(directory: directory).calls(CallQuery()).first?.id)
        let list = try await Program.run(["calls", "--directory", directory])
        #expect(list.status == 0, "\(list.messages)")
        #expect(list.output.split(separator: "\n").count == 2)
        #expect(list.output.contains("\n\(id) "))
        // The call was played at full speed; its duration follows from its samples.
        #expect(list.output.contains(" 20.9 "), "\(list.output)")
        let printed = try await Program.run(["calls", id, "--directory", directory])
        #expect(printed.status == 0, "\(printed.messages)")
        #expect(printed.output.contains("receiver  stream.opened"))
        #expect(printed.output.contains("signal    sidetone.speech.started.v1"))
        let none = try await Program.run(["calls", "CA9", "--directory", directory])
        #expect(none.status == 2)
    }

    @Test(.enabled(if: ReadOnlyMount.isPossible, "requires permission to mount"))
    func `a history on a read-only mount is read`() async throws {
        let run = try await LiveServer.run(sinks: ["store"]) { server in try await server.play() }
        for command in ["calls", "export --table calls"] {
            let words = command.split(separator: " ").map(String.init)
            let result = try await ReadOnlyMount.run(words + ["--directory", run.output.path], on: run.output.path)
            #expect(result.status == 0, "\(result.messages)")
            // CSV lines end with CR LF (RFC 4180), which is a single Swift character.
            #expect(result.output.split(whereSeparator: \.isNewline).count == 2, "\(result.output)")
        }
    }

    static let wrong: [(arguments: [String], status: Int32, message: String)] = [
        (["purge", "--call", "CA1", "--directory", "/nowhere"], 2, "sink - store"),
        (["purge"], 64, "--older-than"),
        (["purge", "--older-than", "30"], 64, "30d, 12h or 45m"),
        (["purge", "--older-than", "1d", "--call", "CA1"], 64, "--older-than"),
        (["export", "--directory", "/nowhere"], 2, "sink - store"),
        (["export", "--table", "signal"], 2, "did you mean \"signals\"?"),
        (["export", "--format", "xml"], 64, "parquet"),
        (["export", "--since", "yesterday"], 64, "2026-03-01"),
    ]

    @Test(arguments: wrong)
    func `wrong arguments are reported with a remedy`(arguments: [String], status: Int32, message: String) async throws
    {
        let run = try await Program.run(arguments)
        #expect(run.status == status, "\(run.messages)")
        #expect(run.messages.contains(message), "\(run.messages)")
    }

    @Test func `export writes to standard output and to files`() async throws {
        let output = try await history()
        let csv = try await Program.run(["export", "--directory", output.path, "--table", "spurts"])
        #expect(csv.status == 0, "\(csv.messages)")
        #expect(csv.output.hasPrefix("call,stream,track,start_seconds,end_seconds\r\n"))
        let file = "\(output.path)/spurts.jsonl"
        let lines = try await Program.run([
            "export", "--directory", output.path, "--table", "spurts", "--format", "jsonl", "-o", file,
        ])
        #expect(lines.messages.contains("rows in \(file)"))
        let count = try output.text("spurts.jsonl").split(separator: "\n").count
        #expect(count == csv.output.components(separatedBy: "\r\n").count - 2)
        #expect(!output.files.contains("spurts.jsonl.new"))
        let later = try await Program.run(["export", "--directory", output.path, "--since", "2100-01-01"])
        #expect(later.output.components(separatedBy: "\r\n").count == 2)
    }

    @Test func `without DuckDB, a Parquet export prints what to install or to run instead`() async throws {
        let output = try await history()
        let run = try await Program.run(
            ["export", "--directory", output.path, "--format", "parquet", "-o", "\(output.path)/calls.parquet"],
            environment: ["PATH": "/nowhere"])
        #expect(run.status == 2)
        #expect(run.messages.contains("pip install duckdb"))
        #expect(run.messages.contains("--format jsonl -o calls.jsonl"))
        #expect(run.messages.contains("duckdb -c \"COPY (SELECT * FROM read_json('calls.jsonl'"))
        #expect(!output.files.contains { $0.contains("parquet") })
        let bare = try await Program.run(["export", "--directory", output.path, "--format", "parquet"])
        #expect(bare.status == 2)
        #expect(bare.messages.contains("-o calls.parquet"))
    }

    @Test func `Python's sqlite3 and DuckDB read the history and its exports`() async throws {
        let output = try await history(calls: 3)
        let python = URL(filePath: Peer.python).deletingLastPathComponent().path
        for table in HistoryExport.tables {
            for format in ["csv", "jsonl", "parquet"] {
                let run = try await Program.run(
                    [
                        "export", "--directory", output.path, "--table", table, "--format", format, "-o",
                        "\(output.path)/\(table).\(format)",
                    ], environment: ["PATH": "\(python):/usr/bin:/bin"])
                #expect(run.status == 0, "\(run.messages)")
            }
        }
        let peer = try await Peer.run("read_history.py", arguments: [output.path])
        #expect(peer.status == 0, "\(peer.messages)")
    }
}
