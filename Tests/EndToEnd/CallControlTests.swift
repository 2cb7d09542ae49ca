import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneCallControl
import SidetonePlayback
import SidetoneSignatures
import Testing
import sidetone

/// Webhooks, the answer endpoint and the three logs of the real program.
@Suite(.serialized) struct CallControlTests {
    private static let call = "call_demo.00000001"

    private func play(_ url: String, pace: String = "max") async throws -> MediaCallCommand.Report {
        var options = try CallOptions.parse([])
        options.url = url
        options.platform = "minivoice"
        options.callID = Self.call
        options.pace = pace
        options.inbound = Project.sample("overtalk-inbound.wav")
        options.outbound = Project.sample("overtalk-outbound.wav")
        return try await MediaCallCommand(options).run()
    }

    private func answer(_ process: CallControlProcess, query: String) async throws -> String {
        let request = HTTPClientRequest(url: process.webhooks + "/answer?" + query)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return String(buffer: try await response.body.collect(upTo: 1 << 20))
    }

    @Test func `a call has three logs, which sidetone calls merges`() async throws {
        let output = try TemporaryFolder()
        let process = try await CallControlProcess(output: output)
        let document = try await answer(process, query: "call_id=\(Self.call)&to=%2B4930111224&from=%2B4930111222")
        #expect(document.contains(#""stream_url":"wss://media.example.org/media/st1."#))
        #expect(try await process.send("call.created", call: Self.call) == 200)
        #expect(try await process.send("call.answered", call: Self.call) == 200)
        #expect(try await play(process.media).failures == [])
        #expect(try await process.send("call.completed", call: Self.call) == 200)
        #expect(try await process.send("call.completed", call: Self.call) == 200)
        #expect(await process.stop() == 0)

        let list = try await Program.run(["calls", "--directory", "\(output.path)/out", "--format", "json"])
        #expect(list.status == 0, "\(list.messages)")
        #expect(list.output.contains(#"{"call":"\#(Self.call)","start":"2"#), "\(list.output)")
        #expect(list.output.contains(#""streams":1,"end":"completed","findings":[]}"#), "\(list.output)")

        let timeline = try await Program.run(["calls", Self.call, "--directory", "\(output.path)/out"])
        #expect(timeline.status == 0, "\(timeline.messages)")
        let words = timeline.output.split(separator: "\n").map { line in
            line.split(separator: " ").dropFirst().prefix(2).joined(separator: " ")
        }
        let right = [
            "answer actions.served", "webhook call.created", "webhook call.answered", "receiver stream.opened",
            "signal sidetone.stream.started.v1", "receiver media.first", "receiver stream.ended",
        ]
        // The receiver's lines have this order, whatever signals are in between; a repeated completion is ignored, and a
        // receiver that is busy may see the stream's end after it.
        var rest = words[...]
        for word in right where word.hasPrefix("signal") == false {
            let place = try #require(rest.firstIndex(of: word), "\(word) in \(words)")
            rest = rest[(place + 1)...]
        }
        #expect(words.contains("signal sidetone.stream.started.v1"))
        #expect(words.count { $0 == "webhook call.completed" } == 1)
        #expect(timeline.output.contains("from=+49••••••22") && !timeline.output.contains("4930111222"))
    }

    @Test func `refused requests belong to no call and are in the top-level log`() async throws {
        let output = try TemporaryFolder()
        let process = try await CallControlProcess(output: output)
        #expect(try await process.send("call.created", call: "c", body: "{\"event\":1}") == 400)
        var forged = HTTPClientRequest(url: process.webhooks + "/webhooks/minivoice")
        forged.method = .POST
        forged.body = .bytes(Array(#"{"event":"call.completed","call":{"id":"c"}}"#.utf8))
        #expect(try await CallControlProcess.status(forged) == 401)
        let wrong = process.media.replacing("ws://", with: "http://").replacing("/media", with: "/nothing")
        var upgrade = HTTPClientRequest(url: wrong)
        upgrade.headers.add(name: "Connection", value: "Upgrade")
        upgrade.headers.add(name: "Upgrade", value: "websocket")
        upgrade.headers.add(name: "Sec-WebSocket-Version", value: "13")
        upgrade.headers.add(name: "Sec-WebSocket-Key", value: "AAAAAAAAAAAAAAAAAAAAAA==")
        #expect(try await CallControlProcess.status(upgrade) == 404)
        #expect(await process.stop() == 0)
        let files = output.files
        #expect(files == ["out/receiver.jsonl", "out/webhook.jsonl"], "\(files)")
        #expect(try output.text("out/receiver.jsonl").contains(#""event":"upgrade.refused","data":{"status":404"#))
        let refused = try output.text("out/webhook.jsonl")
        #expect(refused.contains(#""status":400"#) && refused.contains(#""status":401"#))
    }

    @Test func `a pipeline may receive only webhooks`() async throws {
        let output = try TemporaryFolder()
        let process = try await CallControlProcess(output: output, streams: false, sinks: ["log"])
        #expect(try await process.send("call.completed", call: "c1") == 200)
        #expect(await process.stop() == 0)
        let list = try await Program.run(["calls", "--directory", "\(output.path)/out"])
        #expect(list.output.contains("stream.missing"), "\(list.output)")
    }

    /// 5,000 webhooks of different calls, as fast as they are accepted, during a stream.
    @Test func `a stream's rows do not change while thousands of webhooks arrive`() async throws {
        let reference = try await Offline.analyze(Project.sample("overtalk.wav"))
        let output = try TemporaryFolder()
        let process = try await CallControlProcess(output: output)
        async let played = play(process.media, pace: "4")
        let refused = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for sender in 0..<50 {
                tasks.addTask {
                    var refused = 0
                    for number in 0..<100
                    where try await process.send("call.created", call: "other\(sender)-\(number)") != 200 {
                        refused += 1
                    }
                    return refused
                }
            }
            return try await tasks.reduce(0, +)
        }
        #expect(refused == 0)
        #expect(try await played.failures == [])
        #expect(await process.stop() == 0)
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(output.path)/out")
        #expect(folders.count { $0.hasPrefix("other") } == 5_000)
        let call = try #require(output.files.first { $0.hasSuffix("/inbound.csv") }).split(separator: "/")
            .dropLast().joined(separator: "/")
        for file in ["inbound.csv", "outbound.csv"] {
            let rows = try reference.bytes("overtalk/\(file)")
            #expect(try output.bytes("\(call)/\(file)") == rows, "\(file)")
        }
    }

    @Test func `Python sends webhooks over HTTPS, and a new certificate keeps connections open`() async throws {
        let output = try TemporaryFolder()
        let pair = try SelfSignedCertificate.write(to: "\(output.path)/.certificate")
        let next = try SelfSignedCertificate.write(to: "\(output.path)/.next")
        let server = try await CallControlProcess(output: output, streams: false, sinks: ["log"], tls: pair)
        #expect(server.webhooks.hasPrefix("https://127.0.0.1:"))
        let peer = try await Peer.run(
            "https_webhooks.py",
            arguments: [
                String(server.webhooks.split(separator: ":")[2]), pair.certificate, pair.key, next.certificate,
                next.key,
            ],
            environment: ["WEBHOOK_SECRET": CallControlProcess.secret])
        #expect(peer.status == 0, "\(peer.messages)")
        #expect(await server.stop() == 0)
        let told = try output.text("out/call_tls/webhook.jsonl")
        for event in ["call.created", "call.answered", "call.completed"] { #expect(told.contains(event), "\(told)") }
    }

    @Test func `requests signed by Twilio's library are accepted, and it accepts our signatures`() async throws {
        let output = try TemporaryFolder()
        let server = try await CallControlProcess(output: output, streams: false, sinks: ["log"])
        let url = "https://hooks.example.org/stream?a=b"
        let fields = [Form.Field("StreamEvent", "stream-started"), Form.Field("StreamName", "Grüß Gott & co")]
        let ours = WebhookSignature(key: Secret(CallControlProcess.token)).twilio(url: url, fields: fields)
        let peer = try await Peer.run(
            "twilio_webhooks.py",
            arguments: [server.webhooks, CallControlProcess.publicURL, CallControlProcess.token, url, ours])
        #expect(peer.status == 0, "\(peer.messages)")
        #expect(await server.stop() == 0)
        let lines = try output.text("out/CApython/webhook.jsonl").split(separator: "\n")
        #expect(lines.count == 6, "\(lines)")
        let list = try await Program.run(["calls", "CApython", "--directory", "\(output.path)/out"])
        for event in [
            "stream.started", "stream.stopped", "call.completed", "call.created", "call.ringing", "call.answered",
        ] {
            #expect(list.output.contains("webhook   \(event)"), "\(list.output)")
        }
    }
}
