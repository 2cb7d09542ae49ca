import NIOCore
import NIOEmbedded
import Testing

@testable import SidetoneHTTP

@Suite struct FirstRequestTests {
    /// What was decided, and what went on behind the handler, for a head cut into pieces.
    private func decision(_ head: String, pieces size: Int) throws -> (Bool?, String) {
        let decided = Decided()
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(FirstRequest(path: "/v1/live") { decided.value = $0 })
        let bytes = Array(head.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
        }
        var passed = ""
        while let piece = try channel.readInbound(as: ByteBuffer.self) { passed += String(buffer: piece) }
        _ = try? channel.finish()
        return (decided.value, passed)
    }

    private final class Decided { var value: Bool? }

    @Test(arguments: [
        ("GET /v1/live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", true),
        ("GET /v1/live?x=1 HTTP/1.1\r\nHost: a\r\nuPGRADE:  WebSocket\r\nX: y\r\n\r\nrest", true),
        ("GET /v1/live HTTP/1.1\r\nHost: a\r\n\r\nUpgrade: websocket\r\n\r\n", false),
        ("GET /v1/live HTTP/1.1\r\nX-Upgrade: websocket\r\n\r\n", false),
        ("GET /v1/live2 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", false),
        ("POST /v1/live HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", false), ("GET / HTTP/1.1\r\n\r\n", false),
    ])
    func `the decision does not depend on how a head is split`(head: String, isWebSocket: Bool) throws {
        for size in [1, 2, 7, 1_000] {
            let (value, passed) = try decision(head, pieces: size)
            #expect(value == isWebSocket)
            #expect(passed == head)
        }
    }

    @Test func `an endless head is left to HTTP, and an incomplete one is awaited`() throws {
        let endless = "GET /v1/live HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 4_000)
        #expect(try decision(endless, pieces: 1_000).0 == false)
        #expect(try decision("GET /v1/live HTTP/1.1\r\nUpgrade: websocket\r\n", pieces: 1).0 == nil)
    }
}
