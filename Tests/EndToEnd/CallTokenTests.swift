import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneCallControl
import SidetoneConfiguration
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneSignatures
import SidetoneWebhooks
import Testing
import sidetone

/// From an answer_url to its stream: a served token admits one stream of one call, and no secret is disclosed.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CallTokenTests {
    /// A receiver and an answer_url in one pipeline.
    private func run<Value: Sendable>(
        document: String = "minivoice/template.json", adjust: (inout PipelineSettings) -> Void = { _ in },
        _ work: @Sendable @escaping (LiveServer, _ webhooks: String) async throws -> Value
    ) async throws -> (value: Value, output: TemporaryFolder, report: LivePipeline.Report) {
        try await LiveServer.run(sinks: ["log", "summary", "capture"]) {
            $0.source?.callTokens = "same_call"
            var webhooks = WebhookSourceSettings()
            webhooks.listen = "127.0.0.1:0"
            webhooks.allowPlaintext = true
            webhooks.answerDocuments = "\(FlowTests.folder)/\(document)"
            webhooks.streamURL = "wss://rx.example.org/media"
            $0.webhooks = webhooks
            adjust(&$0)
        } _: { server in
            for await said in server.announcements where said.hasPrefix("webhooks on ") {
                return try await work(server, String(said.dropFirst("webhooks on ".count)))
            }
            throw LiveServer.NotReady()
        }
    }

    private func stream(_ webhooks: String, call: String) async throws -> StreamRequest {
        let request = HTTPClientRequest(url: "\(webhooks)/answer?call_id=\(call)&to=%2B4930111222")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        for case .startStream(let stream) in try CallDocument.read(Array(body.readableBytesView)).instructions {
            return stream
        }
        throw LiveServer.NotReady()
    }

    /// The token of a document that starts a stream, from its field or its path.
    private func token(_ webhooks: String, call: String) async throws -> String {
        let stream = try await stream(webhooks, call: call)
        return try #require(stream.bearerToken?.value ?? stream.url.split(separator: "/").last.map(String.init))
    }

    private func play(
        _ server: LiveServer, call: String, bearer: String? = nil, path: String = ""
    ) async throws -> [String] {
        try await server.play {
            $0.url = server.url + path
            $0.callID = call
            $0.receiver.bearer = bearer
        }.failures
    }

    @Test(arguments: ["minivoice/template.json", "swml/template.json"])
    func `a document's token admits one stream of its call, in a header or in the path`(document: String) async throws {
        let run = try await run(document: document) { server, webhooks in
            let (first, second) = (
                try await token(webhooks, call: "CA1"), try await token(webhooks, call: "CA1")
            )
            #expect(first != second)
            #expect(try await play(server, call: "CA1", bearer: first) == [])
            #expect(try await play(server, call: "CA1", bearer: first).count == 1, "it was used")
            #expect(try await play(server, call: "CA1", path: "/" + first).count == 1, "it was used")
            #expect(try await play(server, call: "CA1", path: "/" + second) == [])
            #expect(try await play(server, call: "CA1").count == 1, "no token")
            let forged = CallTokenKey().mint(call: "CA1", now: Date().timeIntervalSince1970, lifetimeS: 300)
            #expect(try await play(server, call: "CA1", bearer: forged).count == 1, "signed by somebody else")
            return [first, second]
        }
        #expect(run.report.server.streamsStarted == 2 && run.report.server.unauthorized == 4)
        for file in run.output.files {
            for token in run.value { #expect(!(try run.output.text(file).contains(token)), "\(file)") }
        }
    }

    @Test func `a token of one call does not admit another, and no file is written`() async throws {
        let run = try await run { server, webhooks in
            let token = try await token(webhooks, call: "CA1")
            // The first message states the call. Not at full speed, so that not everything is sent before the response: a
            // close after the stream's stop is not a failure.
            let failures = try await server.play {
                $0.callID = "CA2"
                $0.receiver.bearer = token
                $0.pace = "4"
            }.failures
            #expect(failures.count == 1, "\(failures)")
        }
        #expect(!run.output.files.contains { $0.hasPrefix("CA2") }, "\(run.output.files)")
    }

    @Test func `a token can be accepted for any call if a platform's streams have other ids`() async throws {
        _ = try await run {
            $0.source?.callTokens = "any_call"
            $0.source?.callTokenUses = 2
        } _: { server, webhooks in
            let token = try await token(webhooks, call: "CA1")
            #expect(try await play(server, call: "CA2", bearer: token) == [])
            #expect(try await play(server, call: "CA3", bearer: token) == [])
            #expect(try await play(server, call: "CA4", bearer: token).count == 1)
        }
    }

    @Test func `a full receiver does not consume a token`() async throws {
        _ = try await run {
            $0.source?.maxStreams = 1
        } _: { server, webhooks in
            let token = try await token(webhooks, call: "CA2")
            let first = try await self.token(webhooks, call: "CA1")
            async let running = server.play {
                $0.callID = "CA1"
                $0.receiver.bearer = first
                $0.pace = "4"
            }
            while server.server.counts.streamsOpen == 0 { await Task.yield() }
            #expect(try await play(server, call: "CA2", bearer: token).count == 1, "answered 503")
            #expect(try await running.failures == [])
            while server.server.counts.streamsOpen > 0 { await Task.yield() }
            #expect(try await play(server, call: "CA2", bearer: token) == [])
        }
    }

    @Test func `unsigned requests create no folder and complete no call`() async throws {
        let run = try await run {
            $0.webhooks?.allowUnsigned = ["signalwire"]
        } _: { server, webhooks in
            let token = try await token(webhooks, call: "CA1")
            for call in (1...50).map({ "forged\($0)" }) + ["CA1"] {
                _ = try await stream(webhooks, call: call)
                var request = HTTPClientRequest(url: "\(webhooks)/webhooks/signalwire")
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
                request.body = .bytes(Array("CallSid=\(call)&CallStatus=completed".utf8))
                #expect(try await CallControlProcess.status(request) == 200)
            }
            #expect(try await play(server, call: "CA1", bearer: token) == [])
            return ()
        }
        let folders = Set(run.output.files.filter { $0.contains("/") }.compactMap { $0.split(separator: "/").first })
        #expect(folders == ["CA1"], "\(folders)")
        let report = try CallsReport(directory: run.output.path)
        let calls = try await report.calls(limit: 100)
        #expect(calls.map(\.id) == ["CA1"])
        #expect(calls.first?.end == "stream stop", "\(calls)")
        // Unverified entries are shown with a call once it is known.
        let moments = try #require(try await report.call("CA1")).timeline
        #expect(moments.contains { $0.event == "actions.served" } && moments.contains { $0.event == "call.completed" })
    }
}
