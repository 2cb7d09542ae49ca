import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneCallControl
import SidetoneJSON
import SidetoneSignatures

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// `sidetone serve` with a webhook receiver, in a separate process.
final class CallControlProcess: Sendable {
    static let secret = "sidetone-demo-secret"
    static let token = "demo_auth_token"
    static let publicURL = "https://hooks.example.org"
    static let signer = WebhookSignature(key: Secret(secret))

    /// Where webhooks are received: `http://127.0.0.1:…`.
    let webhooks: String
    /// Where streams are received; empty without.
    let media: String
    private let program: RunningProgram

    /// Starts a pipeline that writes to `output/out`, and waits until it listens.
    ///
    /// - Parameter tls: certificate and key of the webhooks; nil for plain HTTP.
    init(
        output: TemporaryFolder, streams: Bool = true, sinks: [String] = ["log", "csv", "jsonl"],
        tls: (certificate: String, key: String)? = nil
    ) async throws {
        let secret = try output.write(".secret", text: Self.secret + "\n")
        let token = try output.write(".token", text: Self.token + "\n")
        // Tests play faster than real time.
        let source =
            streams
            ? "  - websocket: { listen: \"127.0.0.1:0\", allow_plaintext: true, drain_timeout_s: 2, max_lead_s: 0 }"
            : ""
        let security =
            tls.map { "tls: { certificate: \"\($0.certificate)\", key: \"\($0.key)\" }" } ?? "allow_plaintext: true"
        let file = try output.write(
            ".pipeline.yaml",
            text: """
                sources:
                \(source)
                  - webhooks:
                      listen: "127.0.0.1:0"
                      \(security)
                      minivoice_secret_file: "\(secret)"
                      twilio_token_file: "\(token)"
                      allow_unsigned: [signalwire]
                      public_url: "\(Self.publicURL)"
                      answer_documents: "\(Project.root)/Samples/flows/answers.yaml"
                      stream_url: "wss://media.example.org/media"
                stages:
                  - measure: { features: [level, spectrum, speech] }
                  - signal
                sinks:
                \(sinks.map { "  - \($0): { directory: \"\(output.path)/out\" }" }.joined(separator: "\n"))
                """)
        program = try RunningProgram(Program.path, ["serve", file, "--threads", "1"], in: output.path)
        webhooks = try await program.line(after: "webhooks on ")
        media = streams ? try await program.line(after: "listening on ") : ""
    }

    /// Drains it and returns its exit status.
    func stop() async -> Int32 {
        program.send(SIGTERM)
        return await program.waitForEnd()
    }

    /// Sends a MiniVoice webhook of a call, signed now; returns the status.
    func send(_ event: String, call: String, body: String? = nil) async throws -> Int {
        let now = Date().timeIntervalSince1970
        let text =
            body
                ?? """
                {"event":"\(event)","created_at":"\(UTCTime(unixMs: Int64(now * 1_000)).seconds)","call":{"id":"\(call)",\
                "status":"in_progress","direction":"inbound","from":"+4930111222","to":"+4930111224"},"variables":{},"data":{}}
                """
        var request = HTTPClientRequest(url: webhooks + "/webhooks/minivoice")
        request.method = .POST
        request.headers.add(name: "X-MiniVoice-Timestamp", value: "\(Int(now))")
        request.headers.add(
            name: "X-MiniVoice-Signature",
            value: Self.signer.miniVoice(timestamp: "\(Int(now))", body: Array(text.utf8)))
        request.body = .bytes(Array(text.utf8))
        return try await Self.status(request)
    }

    static func status(_ request: HTTPClientRequest) async throws -> Int {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }
}
