import Foundation
import Testing

/// `sidetone call` with documents, run as a program.
@Suite(.serialized) struct CallCommandTests {
    @Test func `a failing stream is reported, and the status is 1`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "flow.json",
            text: """
                {"actions": [{"start_stream": {"stream_url": "wss://127.0.0.1:1/media?token=secret"}}, {"say": {"text": "Hello"}}]}
                """)
        let run = try await Program.run([
            "call", "--actions", file, "--platform", "minivoice", "--pace", "max", "--speech", "tone",
            "--allow-loopback", "--format", "json",
        ])
        #expect(run.status == 1)
        #expect(run.messages.contains("cannot connect to wss://127.0.0.1:1/media"))
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(report["failed"] as? Int == 1)
        let call = try #require((report["details"] as? [[String: Any]])?.first)
        #expect((call["call_id"] as? String)?.hasPrefix("call_") == true)
        #expect(call["status"] as? String == "completed")
        let stream = try #require((call["streams"] as? [[String: Any]])?.first)
        #expect(stream["url"] as? String == "wss://127.0.0.1:1/media")
        #expect((stream["failure"] as? String)?.contains("cannot connect") == true)
        let actions = try #require(call["actions"] as? [[String: Any]])
        #expect(actions.map { $0["outcome"] as? String } == ["done", "done"])
        #expect(!(run.output + run.messages).contains("secret"))
    }

    @Test func `a sample flow runs without a receiver and is shown as a table`() async throws {
        let run = try await Program.run([
            "call", "--actions", "Samples/flows/minivoice/gather.json", "--digits", "1234#", "--platform", "minivoice",
            "--pace", "max", "--speech", "tone", "--seed", "7",
        ])
        #expect(run.status == 0, "\(run.messages)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.first?.contains("completed after") == true)
        #expect(lines.contains { $0.hasPrefix("gather ") && $0.hasSuffix(" done") })
    }

    @Test(arguments: ["call.yaml", "call.swml", "-"])
    func `the actions of a call can be YAML`(name: String) async throws {
        let folder = try TemporaryFolder()
        let yaml = """
            # A comment, as YAML has it.
            version: 1.0.0
            sections:
              main:
                - answer: {}
                - play: { url: "say:Good morning." }
                - hangup: {}
            """
        let file = try folder.write(name == "-" ? "no-ending" : name, text: yaml)
        let run = try await Program.run([
            "call", "--actions", file, "--platform", "signalwire", "--pace", "max", "--speech", "tone",
        ])
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.split(separator: "\n").contains { $0.hasPrefix("play ") && $0.hasSuffix(" done") })
        let wrong = try folder.write("wrong.yaml", text: yaml.replacing("hangup", with: "hangupp"))
        let refused = try await Program.run(["call", "--actions", wrong, "--platform", "signalwire", "--pace", "max"])
        #expect(refused.status == 2 && refused.messages.contains("did you mean \"hangup\"?"), "\(refused.messages)")
    }

    @Test func `a seed reproduces a call`() async throws {
        let arguments = ["call", "--actions", "Samples/flows/minivoice/hold.json", "--pace", "max", "--speech", "tone"]
        let first = try await Program.run(arguments + ["--seed", "7"])
        let second = try await Program.run(arguments + ["--seed", "7"])
        let other = try await Program.run(arguments + ["--seed", "8"])
        let fresh = try await Program.run(arguments)
        #expect(first.output == second.output)
        #expect(Set([first.output, other.output, fresh.output]).count == 3)
    }

    @Test(arguments: [
        (["--actions", "/nowhere.json"], "/nowhere.json: cannot be read"),
        (["--actions", "Samples/flows/minivoice/say.json", "--url", "wss://a.example.org/"], "are mutually exclusive"),
        (["--actions", "Samples/flows/minivoice/say.json", "--digits", "12x"], "--digits: expected keys"),
        (["--actions", "Samples/README.md"], "--actions: "),
        (
            ["--answer-url", "https://a.example.org/", "--answer-method", "PUT"],
            "--answer-method: expected GET or POST"
        ),
        (["--actions", "Samples/flows/minivoice/say.json", "--speech", "loud"], "expected auto, espeak or tone"),
        (["--actions", "Samples/flows/minivoice/say.json", "--call-id", "a b"], "--call-id: expected 1–128 printable"),
        (["--actions", "Samples/flows/minivoice/say.json", "--call-id", "a", "--calls", "2"], "applies to one call"),
        (["--actions", "Samples/flows/minivoice/say.json", "--signing-key-file", "README.md"], "signalwire does"),
        (
            ["--actions", "Samples/flows/minivoice/say.json", "--codec", "opus", "--packet-ms", "30"],
            "OPUS supports 5, 10, 20, 40"
        ),
    ])
    func `wrong arguments are reported before the call`(arguments: [String], sentence: String) async throws {
        let run = try await Program.run(["call"] + arguments)
        #expect(run.status == 2)
        #expect(run.messages.contains(sentence), "\(run.messages)")
    }

    @Test func `speech synthesis has about the expected duration`() async throws {
        let run = try await Program.run([
            "call", "--actions", "Samples/flows/minivoice/say.json", "--pace", "max", "--format", "json",
        ])
        #expect(run.status == 0)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let seconds = try #require((report["details"] as? [[String: Any]])?.first?["seconds"] as? Double)
        // Four words: the same with espeak-ng or, if that is missing, with a tone per word.
        #expect((1...6).contains(seconds))
    }

    @Test func `a listening call prints its address and nothing else`() async throws {
        let run = try await Program.run(
            [
                "call", "--actions", "Samples/flows/minivoice/say.json", "--platform", "minivoice", "--pace", "max",
                "--speech", "tone", "--listen", "127.0.0.1:0",
            ], environment: ["SIDETONE_API_TOKEN": "t0k"])
        #expect(run.status == 0)
        let lines = run.messages.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("listening on http://127.0.0.1:"), "\(run.messages)")
    }

    @Test func `an address in use is reported, and the status is not 0`() async throws {
        let run = try await DocumentServer.run([:]) { web in
            try await Program.run(
                [
                    "call", "--actions", "Samples/flows/minivoice/say.json", "--pace", "max", "--speech", "tone",
                    "--listen", String(web.url.dropFirst("http://".count)),
                ], environment: ["SIDETONE_API_TOKEN": "t0k"])
        }
        #expect(run.status == 2)
        #expect(run.messages.hasPrefix("sidetone: --listen is 127.0.0.1:"), "\(run.messages)")
        #expect(run.messages.hasSuffix("cannot listen there: Address already in use\n"), "\(run.messages)")
    }

    @Test func `a recording without a folder fails at its action and names the option`() async throws {
        let run = try await Program.run([
            "call", "--actions", "Samples/flows/minivoice/stop_recording.json", "--pace", "max", "--speech", "tone",
        ])
        #expect(run.status == 1)
        let lines = run.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("start_recording ") && $0.hasSuffix(" failed") }, "\(run.output)")
        #expect(
            run.messages.split(separator: "\n") == [
                "start_recording: no folder for recordings: set --recordings",
                "stop_recording: no recording is active",
            ])
    }

    @Test func `a recordings folder that cannot be created is reported before the call`() async throws {
        let run = try await Program.run([
            "call", "--actions", "Samples/flows/minivoice/say.json", "--pace", "max", "--recordings", "/proc/nowhere",
        ])
        #expect(run.status == 2)
        #expect(run.messages.hasPrefix("sidetone: --recordings: /proc/nowhere: cannot make it: "), "\(run.messages)")
        #expect(run.output.isEmpty)
    }

    @Test func `the table shows which stream failed and why an action had no effect`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "flow.json",
            text: """
                {"actions": [{"start_stream": {"stream_url": "wss://127.0.0.1:1/a"}}, {"say": {"text": "Hello"}},
                 {"stop_stream": {"stream_url": "wss://127.0.0.1:1/b"}}]}
                """)
        let run = try await Program.run([
            "call", "--actions", file, "--pace", "max", "--speech", "tone", "--allow-loopback",
        ])
        let lines = run.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("stream-1 ") && $0.hasSuffix(" failed") }, "\(run.output)")
        #expect(lines.contains { $0.hasPrefix("stop_stream at ") && $0.hasSuffix(" s: no active stream matches") })
        #expect(
            run.messages
                == "stream stream-1: cannot connect to wss://127.0.0.1:1/a: Connection refused [cannotConnect]\n")
    }

    @Test func `ids differ between runs unless they are set`() async throws {
        func call(_ arguments: [String]) async throws -> String {
            let run = try await Program.run(
                ["call", "--actions", "Samples/flows/minivoice/mute.json", "--platform", "minivoice", "--pace", "max"]
                    + arguments)
            #expect(run.status == 0, "\(run.messages)")
            return String(run.output.split(separator: " ").dropFirst().first ?? "")
        }
        let ids = [try await call([]), try await call([])]
        #expect(Set(ids).count == 2 && ids.allSatisfy { $0.hasPrefix("call_") })
        #expect(try await call(["--call-id", "mine-1"]) == "mine-1")
    }
}
