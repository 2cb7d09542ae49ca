import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms
import SidetoneWebSocket
import Testing

@testable import SidetoneDiagnostics

@Suite(.serialized) struct StreamDiagnosisTests {
    private func walk(_ change: (inout StreamDiagnosis.Options) -> Void) async -> DiagnosisReport {
        var options = StreamDiagnosis.Options()
        change(&options)
        var deadlines = StreamDiagnosis.Deadlines()
        deadlines.handshake = .seconds(2)
        deadlines.upgrade = .seconds(2)
        deadlines.media = .seconds(8)
        deadlines.receiver = .milliseconds(300)
        return await StreamDiagnosis(
            options, deadlines: deadlines, group: MultiThreadedEventLoopGroup.singleton
        ).run()
    }

    private func outcomes(_ report: DiagnosisReport) -> [String] {
        report.steps.filter { $0.outcome != .skipped }.map { "\($0.name.rawValue) \($0.outcome.rawValue)" }
    }

    /// The step that ended the walk.
    private func broken(_ report: DiagnosisReport) -> DiagnosisStep? { report.steps.first { $0.outcome == .failed } }

    // MARK: The document

    @Test func `a document that is wrong ends the walk, and everything wrong with it is kept`() async {
        let text = #"{"actions": [{"start_stream": {"stream_url": "https://a.example", "track": "speaker"}}]}"#
        let report = await walk { $0.document = .bytes(Array(text.utf8)) }
        #expect(outcomes(report) == ["actions failed"])
        #expect(report.findings.all.count == 2)
        #expect(broken(report)?.detail.hasPrefix("invalid action payload: 2 problems") == true)
        #expect(report.steps.last?.name == .media && report.steps.last?.outcome == .skipped)
        #expect(!report.isHealthy)
    }

    @Test func `a document without a stream says so`() async {
        let report = await walk { $0.document = .bytes(Array(#"{"actions": [{"hold": {}}]}"#.utf8)) }
        #expect(broken(report)?.detail == "MiniVoice, 1 step, none of which starts a stream")
    }

    @Test func `a document may name this machine only if that is allowed`() async throws {
        let text = #"{"actions": [{"start_stream": {"stream_url": "wss://127.0.0.1:9/media"}}]}"#
        let report = await walk { $0.document = .bytes(Array(text.utf8)) }
        #expect(outcomes(report) == ["actions passed", "url passed", "address failed"])
        let allowed = await walk {
            $0.document = .bytes(Array(text.utf8))
            $0.allowsLoopback = true
        }
        #expect(broken(allowed)?.name == .connection)
    }

    @Test func `by default SignalWire's documents are requested by POST, the others by GET`() {
        func method(_ platform: (any Platform.Type)?, method: WebMethod? = nil) -> String {
            var options = StreamDiagnosis.Options()
            options.platform = platform
            options.answerMethod = method
            return StreamDiagnosis(options, group: MultiThreadedEventLoopGroup.singleton).request(
                "https://a.example", ids: ProbeIDs(Twilio.self)
            ).method
        }
        #expect(method(nil) == "GET" && method(MiniVoice.self) == "GET" && method(SignalWire.self) == "POST")
        #expect(method(MiniVoice.self, method: .post) == "POST" && method(SignalWire.self, method: .get) == "GET")
    }

    // MARK: The connection

    @Test func `a port on which nothing listens is reported`() async throws {
        let port = try await OddPeer.run(.silent) { $0 }
        let report = await walk { $0.streamURL = "wss://127.0.0.1:\(port)/media" }
        #expect(outcomes(report) == ["url passed", "address passed", "connection failed"])
        #expect(broken(report)?.detail == "nothing listens on port \(port)")
    }

    @Test(arguments: ["http://rx.example.org", "wss://", "rx.example.org", "wss://user@rx.example.org/"])
    func `an invalid stream URL is reported`(_ url: String) async {
        let report = await walk { $0.streamURL = url }
        #expect(outcomes(report) == ["url failed"])
    }

    // MARK: TLS

    private func certificate(
        _ certificate: TestCertificate, chain: [TestCertificate] = [], trusting: String? = nil,
        change: (inout TLSConfiguration) -> Void = { _ in }
    ) async throws -> DiagnosisStep? {
        let context = try certificate.server(chain: chain, change)
        return try await OddPeer.run(.closes, tls: context) { port in
            broken(
                await walk {
                    $0.streamURL = "wss://localhost:\(port)/media"
                    if let trusting { $0.trust = .file(trusting) }
                })
        }
    }

    @Test func `an expired certificate is reported with its date`() async throws {
        let step = try await certificate(try .make(hours: -480 ... -48))
        #expect(step?.name == .certificate && step?.detail.hasPrefix("expired on ") == true)
        #expect(step?.detail.hasSuffix("2 days ago") == true || step?.detail.hasSuffix("3 days ago") == true)
    }

    @Test func `a certificate that is not yet valid is reported`() async throws {
        let step = try await certificate(try .make(hours: 24...48))
        #expect(step?.name == .certificate && step?.detail.hasPrefix("not valid before ") == true)
    }

    @Test func `a certificate for another name is reported with its names`() async throws {
        let other = try TestCertificate.make("other", names: ["other.example"])
        let file = try other.write()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let step = try await certificate(other, trusting: file)
        #expect(step?.detail == "valid for \"other.example\", not for \"localhost\"")
    }

    @Test func `a self-signed certificate is reported, and accepted if it is trusted`() async throws {
        let own = try TestCertificate.make()
        let step = try await certificate(own)
        #expect(step?.detail == "self-signed (CN=localhost): no platform trusts it")
        let file = try own.write()
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try await certificate(own, trusting: file)?.name == .upgrade)
    }

    @Test func `an incomplete chain is reported`() async throws {
        let authority = try TestCertificate.make("Test Authority", names: ["authority.example"])
        let middle = try TestCertificate.make("Test Intermediate", names: ["middle.example"], issuer: authority)
        let leaf = try TestCertificate.make(issuer: middle)
        let file = try authority.write()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let alone = try await certificate(leaf, trusting: file)
        #expect(
            alone?.detail.hasPrefix("issued by CN=Test Intermediate, without the intermediate certificates") == true)
        let whole = try await certificate(leaf, chain: [middle], trusting: file)
        #expect(whole?.name == .upgrade)
    }

    @Test func `a receiver that supports only TLS 1.0 is reported`() async throws {
        let step = try await certificate(try .make()) {
            $0.minimumTLSVersion = .tlsv1
            $0.maximumTLSVersion = .tlsv1
        }
        #expect(step?.name == .tls && step?.detail == "the receiver supports TLS 1.0 at most")
    }

    @Test func `a server without TLS is reported`() async throws {
        let answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        for manner in [OddPeer.Manner.closes, .silent, .answers(answer)] {
            let step = try await OddPeer.run(manner) { port in
                broken(await walk { $0.streamURL = "wss://localhost:\(port)/media" })
            }
            #expect(step?.name == .tls, "\(manner)")
        }
    }

    // MARK: The upgrade

    @Test(arguments: [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answered 404: not found"),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://x.example/?token=t0k\r\n\r\n",
            "answered 302: redirect to \"https://x.example/\""
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi",
            "answered 200: a web page, not a WebSocket"
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n",
            "answered 101 without the right Sec-WebSocket-Accept"
        ),
        ("220 mail.example ESMTP\r\n", "the response is not HTTP"),
    ])
    func `a response that is not an upgrade is explained`(_ answer: String, detail: String) async throws {
        let report = try await OddPeer.run(.answers(answer)) { port in
            await walk { $0.streamURL = "ws://127.0.0.1:\(port)/media" }
        }
        #expect(outcomes(report) == ["url warned", "address passed", "connection passed", "upgrade failed"])
        #expect(broken(report)?.detail == detail)
    }

    @Test(arguments: [(OddPeer.Manner.closes, "without a response"), (.silent, "no response in time")])
    func `a missing response is reported`(_ manner: OddPeer.Manner, words: String) async throws {
        let step = try await OddPeer.run(manner) { port in
            broken(await walk { $0.streamURL = "ws://127.0.0.1:\(port)/media" })
        }
        #expect(step?.name == .upgrade && step?.detail.contains(words) == true)
    }

    // MARK: The stream

    /// A receiver that ends the stream after so many messages.
    private func receiver(
        token: String? = nil, endsAfter count: Int = 103, with ending: Ending = .close(1_000),
        _ change: @escaping (inout StreamDiagnosis.Options) -> Void = { _ in }
    ) async throws -> DiagnosisReport {
        let own = try TestCertificate.make()
        let file = try own.write()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let context = try own.server()
        let server = try await WebSocketServer.listen(
            host: "127.0.0.1", port: 0, tls: { context }, limits: WebSocketLimits(),
            group: MultiThreadedEventLoopGroup.singleton
        ) { request in
            guard token == nil || request.headers.first(name: "Authorization") == "Bearer \(token ?? "")" else {
                return .refuse(.unauthorized, body: "no")
            }
            return .accept { EndingReceiver(after: count, with: ending) }
        }
        let report = await walk {
            $0.streamURL = "wss://localhost:\(server.port)/media"
            $0.trust = .file(file)
            change(&$0)
        }
        await server.stop()
        return report
    }

    @Test func `a receiver in order is walked to the end`() async throws {
        let report = try await receiver(token: "t0k") { $0.token = Secret("t0k") }
        #expect(
            outcomes(report) == [
                "url passed", "address passed", "connection passed", "tls passed", "certificate warned",
                "upgrade passed", "token passed", "media passed",
            ])
        #expect(report.isHealthy)
        #expect(
            report.steps.last?.detail == "1 s of both tracks, 103 messages; closed by the receiver after stop with 1000"
        )
        #expect(!"\(report)".contains("t0k"))
    }

    @Test func `a missing token, and one that is not verified, are reported`() async throws {
        let refused = try await receiver(token: "t0k")
        #expect(broken(refused)?.detail == "answered 401: not authorized")
        let open = try await receiver { $0.token = Secret("t0k") }
        #expect(open.steps.first { $0.name == .token }?.detail == "accepted, but so is a wrong one")
        #expect(open.isHealthy)
    }

    @Test(arguments: [
        (Ending.close(1_003), "with 1003"), (.close(1_011), "with 1011"), (.cut, "reset the connection"),
    ])
    func `a receiver that ends the stream early is reported with its reason`(
        _ ending: Ending, words: String
    ) async throws {
        let step = broken(try await receiver(endsAfter: 5, with: ending))
        #expect(step?.name == .media && step?.detail.contains(words) == true, "\(String(describing: step))")
    }

    @Test func `a receiver that cuts after stop is warned`() async throws {
        let report = try await receiver(with: .cut)
        #expect(report.steps.last?.outcome == .warned && report.isHealthy)
    }

    private static func status(_ messages: Int, refused: Int = 0) -> String {
        let body = #"{"receiver":{"messages":\#(messages),"refused_messages":\#(refused)}}"#
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test(arguments: [
        ([status(7), status(7), status(110)], DiagnosisStep.Outcome.passed, "it counted 103 messages, none refused"),
        ([status(7), status(110, refused: 3)], .failed, "it counted 103 messages, and refused 3"),
        ([status(7), status(50)], .failed, "its counters are below the 103 messages sent"),
        (
            ["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"], .failed,
            "the receiver's monitor: /v1/status answered 404"
        ),
    ])
    func `the counters of the receiver's monitor are held against what was sent`(
        _ answers: [String], outcome: DiagnosisStep.Outcome, detail: String
    ) async throws {
        let report = try await OddPeer.run(.inTurn(OddPeer.Turns(answers))) { port in
            try await receiver { $0.statusURL = "http://127.0.0.1:\(port)" }
        }
        #expect(report.steps.last?.name == .receiver && report.steps.last?.outcome == outcome)
        #expect(report.steps.last?.detail == detail)
    }

    @Test(arguments: [
        (nil, "the receiver's monitor: it requires a token", "set --token-file FILE, or SIDETONE_TOKEN"),
        (Secret("t0k"), "the receiver's monitor: it rejects the token", "compare the token with its token_file"),
    ])
    func `a monitor that requires a token is distinguished from another server`(
        _ token: Secret?, detail: String, advice: String
    ) async throws {
        let answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        let report = try await OddPeer.run(.answers(answer)) { port in
            try await receiver {
                $0.statusURL = "http://127.0.0.1:\(port)"
                $0.statusToken = token
            }
        }
        #expect(broken(report)?.detail == detail)
        #expect(broken(report)?.advice == advice)
    }

    @Test func `a folder without the probe ends the walk`() async throws {
        let report = try await receiver { $0.directory = "/nowhere" }
        #expect(broken(report)?.name == .receiver)
    }
}

/// How a receiver ends a stream.
enum Ending: Sendable {
    case close(Int)
    case cut
}

/// Takes messages, and ends the stream.
final class EndingReceiver: WebSocketReceiver {
    private let count: Int
    private let ending: Ending
    private var heard = 0
    private var connection: WebSocketConnection?

    init(after count: Int, with ending: Ending) {
        self.count = count
        self.ending = ending
    }

    func opened(_ connection: WebSocketConnection) { self.connection = connection }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        heard += 1
        guard heard == count else { return }
        switch ending {
        case .close(let code): connection?.close(code: code)
        case .cut: connection?.abort()
        }
    }

    func ended(_ end: WebSocketEnd) {}
}
