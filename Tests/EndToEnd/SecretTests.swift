import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneSignatures
import Testing
import sidetone

/// Secrets reach their recipients only; no message, log or file repeats them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SecretTests {
    /// Words that occur nowhere else.
    enum Word {
        static let bearer = "bearer-9f21c7"
        static let stream = "stream-token-55e1"
        static let webhook = "webhook-secret-aa02"
        static let signing = "signing-key-4d7b"
        static let api = "api-token-c3f8"
        static let parameter = "parameter-value-71d0"
        static let query = "query-key-0b9e"
        static let all = [bearer, stream, webhook, signing, api, parameter, query]
    }

    /// The outcome of a call and its stream.
    enum Fate: String, CaseIterable {
        case taken, unauthorized, notAllowed
    }

    /// All output of a command, and every file below a folder that is not hidden.
    private func expectNone(of words: [String], in texts: [String], _ folder: TemporaryFolder) throws {
        let files = try folder.files.map { ($0, try folder.bytes($0)) }
        #expect(!files.isEmpty || !texts.joined().isEmpty)
        for word in words {
            for text in texts { #expect(!text.contains(word), "\(word) in \(text)") }
            for (name, bytes) in files {
                #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) in \(name)")
                #expect(!name.contains(word))
            }
        }
    }

    private static func document(_ platform: String, stream: String, hook: String) -> String {
        platform == "signalwire"
            ? """
            {"sections":{"main":[{"stream":{"url":"\(stream)","track":"both_tracks",
            "authorization_bearer_token":"\(Word.stream)","custom_parameters":{"pin":"\(Word.parameter)"},
            "status_url":"\(hook)"}},{"play":{"url":"say:Hello"}}]}}
            """
            : """
            {"actions":[{"start_stream":{"stream_url":"\(stream)","track":"both"}},{"start_recording":{}},
            {"say":{"text":"Hello"}}]}
            """
    }

    @Test(arguments: Fate.allCases, ["text", "json"])
    func `a call repeats none of its secrets, with any outcome`(fate: Fate, format: String) async throws {
        for platform in ["signalwire", "minivoice"] {
            let folder = try TemporaryFolder()
            let tokens = try folder.write(
                ".tokens", text: fate == .unauthorized ? "another" : "\(Word.bearer)\n\(Word.stream)")
            let run = try await LiveServer.run(tls: true, sinks: ["capture"]) {
                $0.source?.bearerTokenFile = tokens
            } _: { server in
                try await DocumentServer.run(["hook": "{}"]) { hooks in
                    let hook = "\(hooks.url)/hook?key=\(Word.query)"
                    let document = Self.document(platform, stream: "\(server.url)?key=\(Word.query)", hook: hook)
                    return try await DocumentServer.run(["answer": document]) { web in
                        var arguments = [
                            "call", "--answer-url", "\(web.url)/answer?key=\(Word.query)", "--platform", platform,
                            "--pace", "max", "--speech", "tone", "--ca", server.ca ?? "", "--recordings",
                            "\(folder.path)/recordings", "--webhook-url", hook, "--webhook-secret-file",
                            try folder.write(".webhook", text: Word.webhook), "--listen", "127.0.0.1:0",
                            "--api-token-file",
                            try folder.write(".api", text: Word.api), "--format", format,
                        ]
                        if fate != .notAllowed { arguments.append("--allow-loopback") }
                        let result = try await Program.run(
                            arguments, in: folder.path,
                            environment: ["SIDETONE_BEARER": Word.bearer, "SIDETONE_SIGNING_KEY": Word.signing])
                        return (result, hooks.requests.count)
                    }
                }
            }
            let (result, requests) = run.value
            #expect(result.status == (fate == .taken ? 0 : 1), "\(result.messages)")
            try expectNone(of: Word.all, in: [result.output, result.messages], folder)
            // Created, answered, completed, and the events of the recording or the stream.
            #expect(requests >= (fate == .notAllowed ? 0 : 3))
            let streams = try run.output.files.map { try run.output.text($0) }.joined()
            #expect(streams.contains(Word.parameter) == (fate == .taken && platform == "signalwire"))
            #expect(run.report.server.streamsStarted == (fate == .taken ? 1 : 0))
        }
    }

    @Test func `a receiver at log level trace repeats none of its own secrets, and none of its peers'`()
        async throws
    {
        let folder = try TemporaryFolder()
        let secret = try folder.write(".secret", text: Word.webhook)
        let tokens = try folder.write(".tokens", text: Word.bearer)
        _ = try folder.write(
            ".pipeline.yaml",
            text: """
                sources:
                  - websocket:
                      listen: "127.0.0.1:0"
                      allow_plaintext: true
                      bearer_token_file: "\(tokens)"
                      call_tokens: same_call
                      drain_timeout_s: 2
                      max_lead_s: 0  # the calls are played faster than real time
                  - webhooks:
                      listen: "127.0.0.1:0"
                      allow_plaintext: true
                      minivoice_secret_file: "\(secret)"
                      answer_documents: "\(Project.root)/Samples/flows/swml/template.json"
                      stream_url: "wss://media.example.org/media"
                stages:
                  - measure: { features: [level, speech] }
                  - signal
                sinks:
                  - log: { directory: out }
                  - csv: { directory: out }
                  - jsonl: { directory: out }
                  - summary: { directory: out }
                  - capture: { directory: out }
                  - store: { directory: out }
                """)
        let server = try ShellCommand("sidetone serve .pipeline.yaml --log-level trace", in: folder.path)
        let said = try await server.waitFor(["listening on", "webhooks on"])
        func address(_ words: String) -> String {
            said.split(separator: "\n").first { $0.hasPrefix(words) }.map { String($0.dropFirst(words.count)) } ?? ""
        }
        let (media, webhooks) = (address("listening on "), address("webhooks on "))

        let request = HTTPClientRequest(url: "\(webhooks)/answer?call_id=call-1&to=%2B4930111223&key=\(Word.query)")
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let document = try CallDocument.read(
            Array(try await answer.body.collect(upTo: 65_536).readableBytesView))
        let bearers = document.instructions.compactMap { instruction -> String? in
            if case .startStream(let stream) = instruction { return stream.bearerToken?.value }
            return nil
        }
        let token = try #require(bearers.first)
        #expect(CallToken.isToken(token), "an unsigned request gets a token of its own, never one that lasts")
        let written = String(decoding: document.write(), as: UTF8.self)
        for word in Word.all { #expect(!written.contains(word)) }
        for (bearer, failures) in [(Word.bearer, 0), (Word.api, 1), (token, 0), (token, 1)] {
            var options = try CallOptions.parse([])
            options.url = "\(media)?key=\(Word.query)"
            options.callID = "call-1"
            options.receiver.bearer = bearer
            options.pace = "max"
            options.inbound = Project.sample("overtalk-inbound.wav")
            #expect(try await MediaCallCommand(options).run().failures.count == failures)
        }
        for (key, status) in [(Word.webhook, 200), (Word.signing, 401)] {
            let now = Int(Date().timeIntervalSince1970)
            let text = """
                {"event":"call.completed","created_at":"\(UTCTime(unixMs: Int64(now) * 1_000).seconds)","call":{"id":"call-1",\
                "status":"completed","direction":"inbound"},"variables":{"pin":"\(Word.parameter)"},"data":{}}
                """
            var webhook = HTTPClientRequest(url: "\(webhooks)/webhooks/minivoice?key=\(Word.query)")
            webhook.method = .POST
            webhook.headers.add(name: "X-MiniVoice-Timestamp", value: "\(now)")
            webhook.headers.add(
                name: "X-MiniVoice-Signature",
                value: WebhookSignature(key: Secret(key)).miniVoice(timestamp: "\(now)", body: Array(text.utf8)))
            webhook.body = .bytes(Array(text.utf8))
            #expect(try await CallControlProcess.status(webhook) == status)
        }
        server.stop()
        let (status, output) = await server.finish()
        #expect(status == 0)
        #expect(
            output.contains("[SidetoneServer]") || output.contains("trace") || output.contains("debug"), "\(output)")
        #expect(folder.files.contains { $0.hasSuffix("/summary.json") })
        try expectNone(of: Word.all + [token], in: [output], folder)
    }

    @Test func `a pipeline that would serve a static secret to anyone does not start, and reports a remedy`()
        async throws
    {
        let folder = try TemporaryFolder()
        _ = try folder.write(".token", text: Word.stream)
        _ = try folder.write(
            ".document.json",
            text:
                #"{"sections":{"main":[{"stream":{"url":"wss://a.example.org/m","authorization_bearer_token":"\#(Word.stream)"}}]}}"#
        )
        for (setting, advice) in [
            (
                "answer_documents: \(Project.root)/Samples/flows/answers.yaml, stream_token_file: .token",
                "call_tokens: same_call"
            ),
            ("answer_documents: .document.json", "write {{token}}"),
        ] {
            _ = try folder.write(
                ".pipeline.yaml",
                text: """
                    sources:
                      - webhooks: { listen: "127.0.0.1:0", allow_plaintext: true, stream_url: "wss://a.example.org/m", \(setting) }
                    sinks:
                      - log: { directory: out }
                    """)
            let run = try await Program.run(["serve", ".pipeline.yaml"], in: folder.path)
            #expect(run.status == 2 && run.messages.contains(advice), "\(run.messages)")
            #expect(!run.messages.contains(Word.stream))
        }
    }
}
