import NIOCore
import NIOHTTP1
import NIOPosix
import SidetoneModel
import Testing

@testable import SidetoneWebSocket

/// What a server answers before the upgrade, and whom it does not wait for.
@Suite(.timeLimit(.minutes(1))) struct WebSocketServerTests {
    private func answer(to head: String, at port: Int) async throws -> String {
        try await RawPeer.connect(to: port) { peer in
            try await peer.send(text: head)
            return await peer.head()
        }
    }

    // MARK: The upgrade

    @Test func `an upgrade is answered with the key's proof, and no extension is accepted`() async throws {
        try await TestServer.run { server in
            let head = try await answer(
                to: RawPeer.upgradeHead("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"),
                at: server.port)
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            // The proof of RFC 6455 §1.3 for this key.
            #expect(head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
            #expect(!head.lowercased().contains("sec-websocket-extensions"))
            #expect(!head.lowercased().contains("sec-websocket-protocol"))
        }
    }

    @Test func `the path has no query, and the headers are passed on`() async throws {
        try await TestServer.run { server in
            _ = try await answer(to: RawPeer.upgradeHead("X-A: b\r\n", target: "/in?token=c"), at: server.port)
            for await request in server.requests {
                #expect(request.path == "/in")
                #expect(request.headers.first(name: "x-a") == "b")
                #expect(request.address == "127.0.0.1")
                break
            }
        }
    }

    @Test func `a refusal is answered with its status, its headers and its reason`() async throws {
        let refusal = WebSocketServer.Answer.refuse(
            .serviceUnavailable, headers: ["Retry-After": "5"], body: "All places are taken.\n")
        try await TestServer.run(refusal: refusal) { server in
            let text = try await RawPeer.connect(to: server.port) { peer in
                try await peer.send(text: RawPeer.upgradeHead())
                return String(decoding: await peer.rest(), as: UTF8.self)
            }
            #expect(text.hasPrefix("HTTP/1.1 503 "))
            #expect(text.contains("Retry-After: 5\r\n"))
            #expect(text.hasSuffix("\r\n\r\nAll places are taken.\n"))
        }
    }

    @Test func `an upgrade requested several times in one head is decided once`() async throws {
        let server = try await TestServer.run(refusal: .refuse(.unauthorized, body: "")) { server in
            let head = try await answer(
                to: RawPeer.upgradeHead("Upgrade: websocket, websocket\r\nUpgrade: websocket\r\n"), at: server.port)
            #expect(head.hasPrefix("HTTP/1.1 401 "))
            return server
        }
        #expect(await server.decided() == 1)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "426"),
        ("GET / HTTP/1.0\r\n\r\n", "426"),
        ("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "426"),
        (RawPeer.upgradeHead().replacing("Version: 13", with: "Version: 8"), "426"),
        (RawPeer.upgradeHead().replacing("Sec-WebSocket-Key", with: "X-Key"), "426"),
        (RawPeer.upgradeHead(method: "POST"), "405"),
        (RawPeer.upgradeHead("Content-Length: 1000000\r\n"), "400"),
        (RawPeer.upgradeHead("Transfer-Encoding: chunked\r\n"), "400"),
    ])
    func `an invalid opening handshake is rejected before the decision`(head: String, status: String) async throws {
        let server = try await TestServer.run { server in
            let answer = try await answer(to: head, at: server.port)
            #expect(answer.split(separator: " ").dropFirst().first.map(String.init) == status)
            if status == "426" { #expect(answer.contains("Sec-WebSocket-Version: 13\r\n")) }
            return server
        }
        #expect(await server.decided() == 0)
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}", "HELO example.org\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    ])
    func `input that is not HTTP ends the connection`(text: String) async throws {
        let server = try await TestServer.run { server in
            let rest = try await RawPeer.connect(to: server.port) { peer in
                try await peer.send(text: text)
                return String(decoding: await peer.rest(), as: UTF8.self)
            }
            #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 400 ") || rest.hasPrefix("HTTP/1.1 505 "))
            return server
        }
        #expect(await server.decided() == 0)
    }

    @Test(arguments: [
        ("a long field", "X-A: " + String(repeating: "a", count: 9_000) + "\r\n"),
        ("many bytes", String(repeating: "X-A: " + String(repeating: "a", count: 200) + "\r\n", count: 99)),
        ("many fields", String(repeating: "X-A: b\r\n", count: 120)),
    ])
    func `a head that is too long is answered 400 before the decision`(_ name: String, fields: String) async throws {
        let server = try await TestServer.run { server in
            let head = try await answer(to: RawPeer.upgradeHead(fields), at: server.port)
            #expect(head.hasPrefix("HTTP/1.1 400 "))
            return server
        }
        #expect(await server.decided() == 0)
    }

    @Test func `an address that is too long is refused`() async throws {
        let server = try await TestServer.run { server in
            let head = try await answer(
                to: RawPeer.upgradeHead(target: "/" + String(repeating: "a", count: 200_000)), at: server.port)
            #expect(head.hasPrefix("HTTP/1.1 4"))
            return server
        }
        #expect(await server.decided() == 0)
    }

    // MARK: Deadlines

    @Test(arguments: ["", "GET /in HT", "GET /in HTTP/1.1\r\nHost: localhost\r\n", "\u{16}\u{3}\u{1}"])
    func `a slow upgrade is disconnected`(opening: String) async throws {
        try await TestServer.run {
            $0.handshake = .milliseconds(200)
        } body: { server in
            let rest = try await RawPeer.connect(to: server.port) { peer in
                // On a busy machine the deadline may be over by now.
                try? await peer.send(text: opening)
                return await peer.rest()
            }
            #expect(rest.isEmpty || rest.starts(with: "HTTP/1.1 400 ".utf8))
        }
    }

    @Test func `a slow TLS handshake is disconnected`() async throws {
        let context = try Certificates.server(.localhost)
        try await TestServer.run({ $0.handshake = .milliseconds(200) }, tls: context) { server in
            let rest = try await RawPeer.connect(to: server.port) { peer in
                try? await peer.send([0x16, 3, 1, 0x02])
                return await peer.rest()
            }
            #expect(rest == [])
        }
    }

    @Test func `after the upgrade the handshake's deadline no longer applies`() async throws {
        try await TestServer.run {
            $0.handshake = .seconds(1)
            $0.ping = .seconds(2)
        } body: { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                // The first ping comes long after the deadline.
                #expect(await peer.frame()?.opcode == 9)
                try await peer.send(frame(0x81, text: "a"))
                #expect(await peer.frame()?.opcode == 1)
            }
        }
    }

    @Test(arguments: [false, true])
    func `without a first message, or a further one, the stream ends with a timeout`(hasSpoken: Bool) async throws {
        try await TestServer.run {
            $0.firstMessage = hasSpoken ? .seconds(30) : .milliseconds(200)
            $0.idle = hasSpoken ? .milliseconds(200) : .seconds(30)
        } body: { server in
            let close = try await RawPeer.upgrade(at: server.port) { peer in
                // A message that never ends and pings are no message.
                try? await peer.send((hasSpoken ? frame(0x81, text: "a") : []) + frame(0x01, text: "b") + frame(0x89))
                var frame = await peer.frame()
                while let other = frame, other.opcode != 8 { frame = await peer.frame() }
                return frame?.closeCode
            }
            #expect(close == 1_001)
            #expect(await server.end() == .timeout)
        }
    }

    @Test func `a silent peer that answers pings stays connected`() async throws {
        try await TestServer.run {
            $0.idle = .milliseconds(50)
            $0.ping = .seconds(30)
        } body: { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x81, text: "a"))
                #expect(await peer.frame()?.opcode == 1)
                // Ten times the idle time-out: each ping comes when it has passed once more.
                for _ in 0..<10 {
                    #expect(await peer.frame()?.opcode == 9)
                    try await peer.send(frame(0x8A))
                }
                try await peer.send(frame(0x81, text: "b"))
                while let other = await peer.frame(), other.opcode != 1 { try await peer.send(frame(0x8A)) }
                try await peer.send(frame(0x88, payload: closing(1_000)))
                _ = await peer.rest()
            }
            #expect(await server.end() == .closed(code: 1_000))
        }
    }

    @Test func `a silent peer that answers no ping is disconnected`() async throws {
        try await TestServer.run {
            $0.idle = .milliseconds(100)
            $0.ping = .seconds(30)
        } body: { server in
            let frames = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x81, text: "a"))
                return [await peer.frame(), await peer.frame(), await peer.frame()]
            }
            #expect(frames.map { $0?.opcode } == [1, 9, 8])
            #expect(frames.last??.closeReason == "no message arrived in time, and a ping was not answered")
            #expect(await server.end() == .timeout)
        }
    }

    @Test func `a peer that answers no ping ends with a timeout`() async throws {
        try await TestServer.run {
            $0.ping = .milliseconds(150)
        } body: { server in
            let frames = try await RawPeer.upgrade(at: server.port) { peer in
                [await peer.frame(), await peer.frame()]
            }
            #expect(frames.map { $0?.opcode } == [9, 8])
            #expect(frames.last??.closeCode == 1_001)
            #expect(await server.end() == .timeout)
        }
    }

    @Test func `an occupied port is reported`() async throws {
        try await TestServer.run { server in
            do throws(WebSocketError) {
                _ = try await WebSocketServer.listen(
                    host: "127.0.0.1", port: server.port, tls: nil, limits: WebSocketLimits(),
                    group: MultiThreadedEventLoopGroup.singleton
                ) { _ in .refuse(.notFound, body: "") }
                Issue.record("two servers listen on one port")
            } catch {
                #expect(error.code == .cannotListen)
            }
        }
    }
}
