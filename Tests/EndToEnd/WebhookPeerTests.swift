import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneServer
import SidetoneSignatures
import Testing

/// An independent receiver, a Flask server with Twilio's own validator, accepts the webhooks of `sidetone call`.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WebhookPeerTests {
    private static let secret = "sidetone-demo-secret"
    private static let token = "demo_auth_token"

    private struct Report: Decodable {
        var requests: Int
        var failed: Int
        var forged: Int
        var repeated: Int
        var taken: [String]
        var statuses: [String]
        var twilio: [String]
    }

    /// Runs the server for the duration of a closure; returns the received webhooks.
    private func serving<Value: Sendable>(
        _ work: (_ url: String) async throws -> Value
    ) async throws -> (value: Value, report: Report) {
        let folder = try TemporaryFolder()
        let program = try Peer.start(
            "take_webhooks.py", arguments: ["\(folder.path)/report.json"],
            environment: ["WEBHOOK_SECRET": Self.secret, "TWILIO_AUTH_TOKEN": Self.token], hasInput: true)
        let port = try await program.waitFor("its port") { Int($0.prefix { $0 != "\n" }) }
        let result: Result<Value, any Error>
        do { result = .success(try await work("http://127.0.0.1:\(port)")) } catch { result = .failure(error) }
        try program.closeInput()
        await program.waitForEnd()
        let value = try result.get()
        return (value, try JSONDecoder().decode(Report.self, from: try folder.bytes("report.json")))
    }

    /// A call with two streams, each with its own status callback.
    private func document(stream: String, hooks: String) -> String {
        func step(_ id: String, track: String, method: String) -> String {
            """
            {"stream":{"url":"\(stream)","control_id":"\(id)","name":"\(id)","track":"\(track)_track",\
            "status_url":"\(hooks)/webhooks/signalwire","status_url_method":"\(method)"}}
            """
        }
        return """
            {"version":"1.0.0","sections":{"main":[{"answer":{}},\(step("a", track: "inbound", method: "POST")),
            \(step("b", track: "outbound", method: "GET")),{"play":{"url":"say:Good morning."}},{"hangup":{}}]}}
            """
    }

    /// Plays a call with the program.
    private func play(_ options: [String] = []) async throws -> (run: Program.Result, report: Report) {
        let folder = try TemporaryFolder()
        let secret = try folder.write("secret", text: Self.secret + "\n")
        let played = try await LiveServer.run(tls: true, sinks: ["summary"]) {
            $0.source?.dialect = "signalwire"
        } _: { server in
            try await serving { hooks in
                let file = try folder.write("call.json", text: document(stream: server.url, hooks: hooks))
                return try await Program.run(
                    [
                        "call", "--actions", file, "--platform", "signalwire", "--ca", server.ca ?? "",
                        "--allow-loopback",
                        "--inbound", Project.sample("overtalk-inbound.wav"), "--pace", "max", "--speech", "tone",
                        "--webhook-url", "\(hooks)/webhooks/minivoice", "--webhook-secret-file", secret, "--format",
                        "json",
                    ] + options)
            }
        }.value
        return (played.value, played.report)
    }

    private static let statuses = ["GET b finished", "GET b streaming", "POST a finished", "POST a streaming"]

    @Test func `a Flask server that fails once receives every webhook of a call, once and in order`() async throws {
        let (run, seen) = try await play()
        #expect(run.status == 0, "\(run.messages)")
        #expect(seen.taken == ["call.created", "call.answered", "call.completed"])
        #expect(seen.statuses.sorted() == Self.statuses)
        #expect(seen.failed == 1 && seen.forged == 0 && seen.repeated == 0 && seen.requests == 4)
        // Three webhooks, one failed attempt, and four statuses.
        #expect(run.output.contains(#""deliveries":{"delivered":7,"attempts":8,"given_up":0,"#), "\(run.output)")
    }

    @Test func `an idempotent server tolerates duplicates and reordering`() async throws {
        let (run, seen) = try await play(["--fault", "webhooks=duplicate+reorder", "--seed", "7"])
        #expect(run.status == 0, "\(run.messages)")
        #expect(seen.taken.sorted() == ["call.answered", "call.completed", "call.created"])
        #expect(seen.statuses.sorted() == Self.statuses && seen.forged == 0)
    }

    @Test func `the validator of Twilio's tutorial accepts our signatures only`() async throws {
        let fields = [
            Form.Field("StreamEvent", "stream-started"), Form.Field("CallSid", "CA1"),
            Form.Field("StreamName", "Grüß Gott & co"),
        ]
        let signer = WebhookSignature(key: Secret(Self.token))
        let (statuses, seen) = try await serving { url in
            let url = url + "/webhooks/twilio?from=us"
            let right = signer.twilio(url: url, fields: fields)
            let wrong = signer.twilio(url: url, fields: Array(fields.dropLast()))
            var statuses: [Int] = []
            for signature in [right, wrong, ""] {
                var request = HTTPClientRequest(url: url)
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
                if !signature.isEmpty { request.headers.add(name: "X-Twilio-Signature", value: signature) }
                request.body = .bytes(Form(fields).write())
                statuses.append(try await CallControlProcess.status(request))
            }
            return statuses
        }
        #expect(statuses == [204, 403, 403])
        #expect(seen.twilio == ["CA1 stream-started Grüß Gott & co"])
    }
}
