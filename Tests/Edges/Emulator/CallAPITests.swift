import Foundation
import Hummingbird
import Logging
import NIOPosix
import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePlayback
import Testing

@testable import SidetoneEmulator

@Suite(.timeLimit(.minutes(1))) struct CallAPITests {
    private static let token = "mv_test_token"
    private static let call = WebhookCall(
        id: "call_demo7", status: "dialing", direction: .inbound, from: "+4930111222", providerCallID: "uuid-7")

    /// Asks the interface on a free port of this machine.
    private struct Client: Sendable {
        let client: GuardedHTTPClient
        let port: Int

        func ask(
            _ method: String, path: String, body: String = "", token: String? = CallAPITests.token,
            range: String? = nil
        ) async throws -> (status: Int, text: String, answer: WebAnswer) {
            var headers: [(name: String, value: String)] = []
            if let token { headers.append(("Authorization", "Bearer \(token)")) }
            if let range { headers.append(("Range", range)) }
            let answer = try await client.send(
                WebRequest(method, "http://127.0.0.1:\(port)\(path)", headers: headers, body: Array(body.utf8)))
            return (answer.status, String(decoding: answer.body, as: UTF8.self), answer)
        }
    }

    private func serving(
        _ body: @escaping @Sendable (Client, CallNotifier) async throws -> Void
    ) async throws {
        let folder = try Folder()
        let group = MultiThreadedEventLoopGroup.singleton
        let clock: @Sendable () -> UTCTime = { UTCTime(unixMs: 1_780_000_000_000) }
        let store = try RecordingStore(directory: folder.path, wallClock: clock)
        let teller = CallNotifier(sender: nil, recordings: store, wallClock: clock)
        let book = CallRegistry()
        book.add(Self.call.id, notifier: teller)
        let listener = HTTPListener(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            router: CallAPI(calls: book, recordings: store, token: Secret(Self.token)).router, group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await listener.run { ready.yield($0) } }
            defer { tasks.cancelAll() }
            for await port in ports {
                store.serve(at: "http://127.0.0.1:\(port)")
                let client = GuardedHTTPClient(gate: AddressGuard(allowsLoopback: true), group: group)
                try await body(Client(client: client, port: port), teller)
                await client.close()
                break
            }
        }
        _ = folder
    }

    private static func tell(_ teller: CallNotifier, kind: CallEvent.Kind) async {
        await teller.handle(CallEvent(callID: call.id, position: 0, variables: [:], kind: kind))
    }

    @Test func `without the token, every request is unauthorized`() async throws {
        try await serving { client, _ in
            for token in [nil, "wrong", ""] as [String?] {
                for path in ["/v1/calls/call_demo7", "/v1/recordings", "/v1/recordings/a", "/v1/recordings/a/file"] {
                    let answer = try await client.ask("GET", path: path, token: token)
                    #expect(answer.status == 401)
                    #expect(try PlatformError.read(answer.answer.body).code == "unauthorized")
                }
                #expect(
                    try await client.ask("POST", path: "/v1/calls/call_demo7/recordings", token: token).status == 401)
            }
        }
    }

    @Test func `a call is recorded on order, and its recording is served`() async throws {
        try await serving { client, teller in
            await Self.tell(teller, kind: .created(Self.call))
            await Self.tell(teller, kind: .answered)
            let call = try await client.ask("GET", path: "/v1/calls/call_demo7")
            #expect(call.status == 200 && call.text.contains(#""status":"in_progress""#))
            let started = try await client.ask("POST", path: "/v1/calls/call_demo7/recordings")
            #expect(started.status == 200)
            #expect(
                started.text.hasPrefix(
                    #"{"data":{"call_id":"call_demo7","provider_call_id":"uuid-7","action":"start","recording":{"id":"rec_call_demo7","#
                ))
            let early = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7/file")
            #expect(early.status == 404)
            for n in 0..<50 {
                await teller.handle(
                    MediaBlock(
                        first: Int64(n * 160), sampleRate: 8_000, inbound: [Int16](repeating: 1, count: 160),
                        outbound: [Int16](repeating: 2, count: 160)))
            }
            let stopped = try await client.ask(
                "POST", path: "/v1/calls/call_demo7/recordings", body: #"{"action":"stop"}"#)
            #expect(stopped.status == 200 && stopped.text.contains(#""status":"completed""#))
            let one = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7")
            let recording = try Recording.read(one.answer.body)
            #expect(recording.fileURL == "http://127.0.0.1:\(client.port)/v1/recordings/rec_call_demo7/file")
            #expect(recording.sizeBytes == 44 + 50 * 160 * 4 && recording.durationSeconds?.value == 1)
            let list = try await client.ask("GET", path: "/v1/recordings")
            #expect(list.text == #"{"data":[\#(one.text)]}"#)
            let file = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7/file")
            #expect(file.answer.body.count == recording.sizeBytes && file.answer[header: "Content-Type"] == "audio/wav")
            let part = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7/file", range: "bytes=44-51")
            #expect(part.status == 206 && part.answer.body == [1, 0, 2, 0, 1, 0, 2, 0])
            #expect(part.answer[header: "Content-Range"] == "bytes 44-51/32044")
            let beyond = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7/file", range: "bytes=99999-")
            let malformed = try await client.ask("GET", path: "/v1/recordings/rec_call_demo7/file", range: "bytes=5-2")
            #expect(malformed.status == 200 && malformed.answer.body.count == 32_044)
            #expect(beyond.status == 416 && beyond.answer[header: "Content-Range"] == "bytes */32044")
        }
    }

    @Test(arguments: [
        ("call_demo7", "{", 400, "invalid_json"), ("call_demo7", "[]", 400, "invalid_request"),
        ("call_demo7", #"{"action":"pause"}"#, 400, "invalid_action"),
        ("call_demo7", #"{"action":"stop"}"#, 404, "recording_not_started"),
        ("call_other", "", 404, "active_call_not_found"),
    ])
    func `an order that cannot be followed says why, as documented`(
        call: String, body: String, status: Int, code: String
    ) async throws {
        try await serving { client, teller in
            await Self.tell(teller, kind: .created(Self.call))
            await Self.tell(teller, kind: .answered)
            let answer = try await client.ask("POST", path: "/v1/calls/\(call)/recordings", body: body)
            #expect(answer.status == status)
            #expect(try PlatformError.read(answer.answer.body).code == code)
        }
    }

    @Test func `a call that is over is not active, and a second start fails`() async throws {
        try await serving { client, teller in
            await Self.tell(teller, kind: .created(Self.call))
            await Self.tell(teller, kind: .answered)
            #expect(try await client.ask("POST", path: "/v1/calls/call_demo7/recordings").status == 200)
            let twice = try await client.ask("POST", path: "/v1/calls/call_demo7/recordings")
            #expect(twice.status == 502)
            #expect(try PlatformError.read(twice.answer.body).code == "recording_start_failed")
            await Self.tell(teller, kind: .completed(reason: "hang-up"))
            let late = try await client.ask(
                "POST", path: "/v1/calls/call_demo7/recordings", body: #"{"action":"start"}"#)
            #expect(try PlatformError.read(late.answer.body).code == "active_call_not_found")
            #expect(try await client.ask("GET", path: "/v1/calls/call_none").status == 404)
            #expect(try await client.ask("GET", path: "/v1/recordings/..%2F..%2Fetc%2Fpasswd/file").status == 404)
        }
    }
}
