import Foundation
import SidetoneConfiguration
import SidetoneModel
import SidetonePlatforms
import SidetoneServer
import Testing
import sidetone

/// `sidetone doctor` and `sidetone check`, as a user runs them.
@Suite(.serialized) struct DoctorTests {
    private struct Report: Decodable {
        struct Step: Decodable {
            var name: String
            var outcome: String
            var detail: String
            var advice: String
        }
        var error: [String: String]?
        var steps: [Step]
        var findings: [[String: String]]

        func step(_ name: String) -> Step? { steps.first { $0.name == name } }
    }

    private static let token = "t0ken-that-nobody-sees"
    /// Stands for the file that holds it.
    private static let tokenFile = "TOKENS"

    private func report(_ run: Program.Result) throws -> Report {
        #expect(!run.output.contains(Self.token) && !run.messages.contains(Self.token))
        return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    }

    /// A Sidetone receiver over TLS that requires the token.
    private func againstOurs(
        _ arguments: @escaping @Sendable (LiveServer) -> [String]
    ) async throws -> Program.Result {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", text: Self.token)
        return try await LiveServer.run(tls: true) {
            $0.source?.bearerTokenFile = file
        } _: { server in
            // The token file is the one of the receiver.
            try await Program.run(
                ["doctor", "--format", "json", "--ca", server.ca ?? ""]
                    + arguments(server).map {
                        $0 == Self.tokenFile ? file : $0
                    })
        }.value
    }

    @Test(arguments: PlatformCatalog.all.map { $0.name })
    func `a receiver of ours is sound from the URL to its counters`(platform: String) async throws {
        let run = try await againstOurs { server in
            [
                "--url", server.url, "--bearer-file", Self.tokenFile, "--directory", server.output.path, "--platform",
                platform,
            ]
        }
        let report = try report(run)
        let tracks = try #require(PlatformCatalog.named(platform)).profile.channels.tracks.map { "\($0.rawValue) 50" }
        #expect(run.status == 0, "\(run.output)")
        #expect(
            report.steps.map(\.name) == [
                "url", "address", "connection", "tls", "certificate", "upgrade", "token", "media", "receiver",
            ])
        // No authority has signed a certificate created for this test.
        #expect(report.steps.filter { $0.outcome != "passed" }.map(\.name) == ["certificate"])
        #expect(report.step("token")?.detail == "accepted; a wrong one is refused with 401")
        #expect(
            report.step("receiver")?.detail
                == "its packet counts match (\(tracks.joined(separator: ", "))), none lost or refused")
    }

    @Test func `the counters of a monitor with tokens are read`() async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", text: "# of the monitor\n\(Self.token)\n")
        let run = try await LiveServer.run(sinks: ["csv", "monitor"]) { settings in
            settings.sinks[1].values = ["listen": .text("127.0.0.1:0"), "token_file": .text(file)]
        } _: { server in
            for await said in server.announcements where said.hasPrefix("monitor on ") {
                let monitor = String(said.dropFirst("monitor on ".count).dropLast())
                let doctor = ["doctor", "--format", "json", "--url", server.url, "--status", monitor]
                return [
                    try await Program.run(doctor), try await Program.run(doctor + ["--token-file", file]),
                    try await Program.run(doctor, environment: ["SIDETONE_TOKEN": Self.token]),
                ]
            }
            throw LiveServer.NotReady()
        }.value
        let without = try report(run[0])
        #expect(run[0].status == 1 && without.steps.last?.detail == "the receiver's monitor: it requires a token")
        for with in run.dropFirst() {
            let receiver = try report(with).step("receiver")
            #expect(with.status == 0 && receiver?.detail.hasSuffix("messages, none refused") == true, "\(with.output)")
        }
    }

    @Test func `an invalid token stops at the upgrade`() async throws {
        let run = try await againstOurs { ["--url", $0.url, "--bearer", "another"] }
        let report = try report(run)
        #expect(run.status == 1)
        #expect(report.steps.first { $0.outcome == "failed" }?.name == "upgrade")
        #expect(report.step("upgrade")?.detail == "answered 401: not authorized")
        #expect(report.step("media")?.outcome == "skipped")
    }

    @Test func `an untrusted certificate stops before any token is sent`() async throws {
        let run = try await LiveServer.run(tls: true) { server in
            try await Program.run(["doctor", "--format", "json", "--url", server.url, "--bearer", Self.token])
        }.value
        let report = try report(run)
        #expect(run.status == 1)
        #expect(report.step("certificate")?.detail.contains("self-signed") == true)
        #expect(report.step("upgrade")?.outcome == "skipped")
    }

    @Test func `a document names the stream and its token`() async throws {
        let folder = try TemporaryFolder()
        let run = try await againstOurs { server in
            let document = """
                {"sections": {"main": [{"stream": {"url": "\(server.url)", "track": "both_tracks",
                 "authorization_bearer_token": "\(Self.token)", "custom_parameters": {"tier": "b"}}}]}}
                """
            let file = (try? folder.write("actions.json", text: document)) ?? ""
            return ["--actions", file, "--allow-loopback", "--directory", server.output.path]
        }
        let report = try report(run)
        #expect(run.status == 0, "\(run.output)")
        #expect(report.steps.first?.detail == "SWML, 1 step; starts a stream")
        #expect(report.step("token")?.outcome == "passed")
    }

    @Test func `an invalid document is reported with the platform's error`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "actions.json",
            text: #"{"actions": [{"start_stream": {"stream_url": "https://rx.example.org", "track": "speaker"}}]}"#)
        let run = try await Program.run(["doctor", "--actions", file, "--format", "json"])
        let report = try report(run)
        #expect(run.status == 1)
        #expect(report.error == ["code": "answer_url_error", "message": "invalid action payload"])
        #expect(report.findings.compactMap { $0["path"] }.count == 2)
        let text = try await Program.run(["doctor", "--actions", file])
        #expect(text.status == 1)
        #expect(text.output.contains("expected one of inbound, outbound, both"))
    }

    @Test func `a document can be YAML`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("swml.yaml", text: "sections:\n  main:\n    - stream: { url: \"http://a\" }\n")
        let found = try report(try await Program.run(["doctor", "--actions", file, "--format", "json"]))
        #expect(found.findings.compactMap { $0["path"] } == ["sections.main[0].stream.url"])
    }

    @Test func `an answer_url is fetched, and its document checked`() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("answer.json", text: #"{"actions": [{"say": {"text": "Hello"}}]}"#)
        let server = try RunningProgram(
            try Peer.find("python3"), ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
            in: folder.path)
        defer { server.send(SIGKILL) }
        let port = try await server.waitFor("its port") { text in
            text.firstMatch(of: /port (\d+)/).map { String($0.1) }
        }
        let run = try await Program.run([
            "doctor", "--format", "json", "--answer-url", "http://127.0.0.1:\(port)/answer.json",
        ])
        let found = try report(run)
        #expect(found.step("answer")?.outcome == "passed", "\(run.output)")
        #expect(found.step("actions")?.detail == "MiniVoice, 1 step, none of which starts a stream")
        let missing = try await Program.run([
            "doctor", "--format", "json", "--answer-url", "http://127.0.0.1:\(port)/elsewhere.json",
        ])
        #expect(try report(missing).step("answer")?.detail == "answered 404")
        #expect(run.status == 1 && missing.status == 1)
    }

    // MARK: Independent peers

    static let openSSL: [(arguments: [String], step: String, words: String)] = [
        (["-www"], "upgrade", "answered 200: a web page, not a WebSocket"),
        (["-www", "-tls1", "-cipher", "DEFAULT@SECLEVEL=0"], "tls", "the receiver supports TLS 1.0 at most"),
        (["-www", "-tls1_2", "-Verify", "1", "-verify_return_error"], "tls", "the TLS handshake failed"),
        (["-www", "-tls1_3", "-Verify", "1", "-verify_return_error"], "upgrade", "TLS failed"),
    ]

    @Test(arguments: openSSL)
    func `a server of OpenSSL is diagnosed correctly`(
        arguments: [String], step: String, words: String
    ) async throws {
        let folder = try TemporaryFolder()
        let pair = try SelfSignedCertificate.write(to: folder.path)
        let server = try RunningProgram(
            try Peer.find("openssl"),
            ["s_server", "-accept", "0", "-cert", pair.certificate, "-key", pair.key] + arguments, hasInput: true)
        // Signals ignored by this process, such as SIGTERM trapped by a test, are also ignored by its children.
        defer { server.send(SIGKILL) }
        let port = try await server.waitFor("its port") { text in
            text.firstMatch(of: /ACCEPT \S+:(\d+)/).map { String($0.1) }
        }
        let run = try await Program.run([
            "doctor", "--format", "json", "--ca", pair.certificate, "--url", "wss://localhost:\(port)/media",
        ])
        let found = try report(run)
        #expect(run.status == 1)
        #expect(found.steps.first { $0.outcome == "failed" }?.name == step, "\(run.output)")
        #expect(found.step(step)?.detail.contains(words) == true, "\(run.output)")
    }

    // MARK: The logs of a call

    private func logs(_ webhooks: [(second: Int, event: String)]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        func line(_ second: Int, log: String, event: String, data: String) -> String {
            let time = "2026-03-04T09:15:\(second < 10 ? "0" : "")\(second).000000Z"
            return #"{"time":"\#(time)","log":"\#(log)","call":"call_demo7","event":"\#(event)","data":{\#(data)}}"#
                + "\n"
        }
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/call_demo7", withIntermediateDirectories: true)
        _ = try folder.write(
            "call_demo7/receiver.jsonl",
            text: line(5, log: "receiver", event: "stream.opened", data: "")
                + line(6, log: "receiver", event: "media.first", data: #""track":"inbound""#)
                + line(30, log: "receiver", event: "stream.ended", data: #""reason":"stop""#))
        _ = try folder.write(
            "call_demo7/webhook.jsonl",
            text: webhooks.map { line($0.second, log: "webhook", event: $0.event, data: "") }.joined())
        return folder
    }

    @Test(arguments: [
        ([(5, "call.answered"), (31, "call.completed")], 0, "1 stream, within the call's own times"),
        ([(20, "call.answered"), (31, "call.completed")], 1, "media arrived 14.0 s before the call was answered"),
        ([(5, "call.answered")], 1, "no call.completed arrived"),
    ])
    func `the logs of a call are compared with each other`(
        webhooks: [(Int, String)], status: Int, words: String
    ) async throws {
        let folder = try logs(webhooks.map { (second: $0.0, event: $0.1) })
        let run = try await Program.run([
            "doctor", "--format", "json", "--call", "call_demo7", "--directory", folder.path,
        ])
        let found = try report(run)
        #expect(run.status == Int32(status), "\(run.output)")
        #expect(found.steps.map(\.name) == ["times"])
        #expect(found.step("times")?.detail.contains(words) == true, "\(run.output)")
    }

    @Test func `an unknown call is reported`() async throws {
        let folder = try logs([])
        let run = try await Program.run(["doctor", "--call", "call_other", "--directory", folder.path])
        #expect(run.status == 1)
        #expect(run.output.contains("there is no log of this call"))
    }

    // MARK: Check

    @Test func `standard input and every kind of file are checked in one run`() async throws {
        let folder = try TemporaryFolder()
        let swml = try folder.write("swml.yaml", text: "sections:\n  main:\n    - stream: { url: \"http://a\" }\n")
        let shell = try await Program.run(
            "/bin/sh",
            arguments: [
                "-c",
                #"printf '{"actions": [{"say": {}}]}' | "$0" check - "$1" "$2" --format json"#, Program.path, swml,
                "\(Project.root)/Pipelines/live-monitor.yaml",
            ])
        let data = Data(shell.output.utf8)
        #expect(shell.status == 2)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let findings = try #require(json["findings"] as? [[String: String]])
        #expect(
            findings.map { "\($0["file"] ?? "") \($0["path"] ?? "")" } == [
                "standard input actions[0].say.text", "\(swml) sections.main[0].stream.url",
            ])
        #expect((json["error"] as? [String: String])?["code"] == "answer_url_error")
        #expect((json["problems"] as? [Any])?.isEmpty == true)
    }

    @Test func `every sample flow and pipeline passes the check`() async throws {
        let folders = ["Samples/flows/minivoice", "Samples/flows/swml", "Pipelines"]
        let files = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(Project.root)/\(folder)").map { "\(folder)/\($0)" }
        }.filter { !$0.hasSuffix("template.json") && !$0.hasSuffix(".md") }
        #expect(files.count > 20)
        let run = try await Program.run(["check"] + files.sorted())
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("Samples/flows/swml/stop_stream.json: SWML, no problems found"))
    }
}
