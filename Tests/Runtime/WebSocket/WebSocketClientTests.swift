import NIOCore
import NIOHTTP1
import NIOPosix
import SidetoneModel
import Testing

@testable import SidetoneWebSocket

@Suite(.timeLimit(.minutes(1))) struct WebSocketClientTests {
    /// Opens a connection that echoes; gives the error where there is none.
    private func failure(
        _ url: String, trust: TLS.Trust = .system, limits: WebSocketLimits = WebSocketLimits()
    ) async throws -> WebSocketError? {
        let client = try WebSocketClient(
            group: MultiThreadedEventLoopGroup.singleton, trust: trust, limits: limits)
        let address = try WebSocketURL(url)
        let (_, heard) = AsyncStream<Heard>.makeStream()
        do throws(WebSocketError) {
            let connection = try await client.connect(to: address) { Echo(heard) }
            connection.close()
            return nil
        } catch {
            return error
        }
    }

    /// A peer that accepts and answers every connection with these bytes; nil never answers.
    private func withListener<Value: Sendable>(
        _ answer: String?, body: (Int) async throws -> Value
    ) async throws -> Value {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                guard let answer else { return channel.eventLoop.makeSucceededVoidFuture() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FixedAnswer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let value: Value
        do { value = try await body(channel.localAddress?.port ?? 0) } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
        return value
    }

    @Test func `a connection goes to the given addresses, and uses the name for TLS and the Host field`()
        async throws
    {
        try await TestServer.run(tls: Certificates.server(.other)) { server in
            let client = try WebSocketClient(
                group: MultiThreadedEventLoopGroup.singleton, trust: .file(Certificates.other.certificate))
            let (_, heard) = AsyncStream<Heard>.makeStream()
            // Nobody listens at the first address; the name itself leads nowhere at all.
            let addresses = try ["127.0.0.2", "127.0.0.1"].map { try SocketAddress(ipAddress: $0, port: server.port) }
            let url = try WebSocketURL("wss://other.example:\(server.port)/in")
            let connection = try await client.connect(to: url, at: addresses) { Echo(heard) }
            for await request in server.requests {
                #expect(request.headers["Host"] == ["other.example:\(server.port)"])
                break
            }
            connection.close()
        }
    }

    @Test(arguments: [TLS.Trust.file(Certificates.localhost.certificate), .anybody])
    func `messages go both ways over TLS, and a close ends both sides`(trust: TLS.Trust) async throws {
        try await TestServer.run(tls: Certificates.server(.localhost)) { server in
            let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: trust)
            let (events, heard) = AsyncStream<Heard>.makeStream()
            let connection = try await client.connect(to: WebSocketURL("wss://localhost:\(server.port)/in")) {
                Listener(heard)
            }
            let message = WireMessage(kind: .binary, bytes: (0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
            try await connection.send(message).get()
            for await event in events where event != .opened {
                #expect(event == .message(message))
                break
            }
            connection.close(code: 1_000)
            try await connection.closed.get()
            #expect(await server.end() == .closed(code: 1_000))
            var last: Heard?
            heard.finish()
            for await event in events { last = event }
            #expect(last == .ended(.local))
        }
    }

    @Test func `a server that closes over TLS sends the reason, and disconnects`() async throws {
        let change: @Sendable (inout WebSocketLimits) -> Void = {
            $0.firstMessage = .milliseconds(200)
            $0.ping = .seconds(300)
        }
        try await TestServer.run(change, tls: Certificates.server(.localhost)) { server in
            let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: .anybody)
            let (events, heard) = AsyncStream<Heard>.makeStream()
            let connection = try await client.connect(to: WebSocketURL("wss://localhost:\(server.port)/in")) {
                Listener(heard)
            }
            for await event in events where event != .opened {
                #expect(event == .ended(.closed(code: 1_001, reason: "no message arrived in time")))
                break
            }
            try await connection.closed.get()
            await server.gone(1)
        }
    }

    @Test func `after its close a connection sends nothing and reports so`() async throws {
        try await TestServer.run { server in
            let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: .system)
            let (_, heard) = AsyncStream<Heard>.makeStream()
            let connection = try await client.connect(to: WebSocketURL("ws://127.0.0.1:\(server.port)/in")) {
                Listener(heard)
            }
            connection.close()
            await #expect(throws: (any Error).self) { try await connection.send(.text("late")).get() }
            try await connection.closed.get()
            #expect(await server.end() == .closed(code: 1_000))
        }
    }

    @Test func `an aborted connection is a reset for the other side`() async throws {
        try await TestServer.run { server in
            let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: .system)
            let (_, heard) = AsyncStream<Heard>.makeStream()
            let connection = try await client.connect(to: WebSocketURL("ws://127.0.0.1:\(server.port)/in")) {
                Listener(heard)
            }
            connection.abort()
            #expect(await server.end() == .reset)
        }
    }

    @Test func `a refusal is reported with its status`() async throws {
        try await TestServer.run(refusal: .refuse(.unauthorized, body: "no")) { server in
            let error = try await failure("ws://127.0.0.1:\(server.port)/in?token=secret")
            #expect(error?.code == .refused)
            #expect(error?.status == 401)
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test func `a certificate that is not trusted, or another's, is refused`() async throws {
        try await TestServer.run(tls: Certificates.server(.localhost)) { server in
            let error = try await failure("wss://localhost:\(server.port)/in")
            #expect(error?.code == .badCertificate)
        }
        try await TestServer.run(tls: Certificates.server(.other)) { server in
            for host in ["localhost", "127.0.0.1"] {
                let error = try await failure(
                    "wss://\(host):\(server.port)/in", trust: .file(Certificates.other.certificate))
                #expect(error?.code == .badCertificate)
            }
        }
    }

    @Test func `a server without TLS is distinguished from one with a wrong certificate`() async throws {
        try await TestServer.run { server in
            let error = try await failure("wss://localhost:\(server.port)/in")
            #expect(error?.code == .handshakeFailed)
        }
    }

    @Test func `a port without a listener is reported`() async throws {
        let port = try await TestServer.run { $0.port }
        let error = try await failure("ws://127.0.0.1:\(port)/in")
        #expect(error?.code == .cannotConnect)
    }

    @Test func `a missing answer ends in a timeout`() async throws {
        try await withListener(nil) { port in
            var limits = WebSocketLimits()
            limits.handshake = .milliseconds(200)
            let error = try await failure("ws://127.0.0.1:\(port)/in", limits: limits)
            #expect(error?.code == .timedOut)
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH\r\n", "",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    ])
    func `an answer that is not an upgrade, or proves another key, is a failed handshake`(answer: String) async throws {
        try await withListener(answer) { port in
            let error = try await failure("ws://127.0.0.1:\(port)/in")
            #expect(error?.code == .handshakeFailed)
        }
    }

    @Test(arguments: [frame(0x81, text: "masked"), frame(0xC1, payload: [0x61], isMasked: false)])
    func `a server that violates the protocol receives a masked close frame`(bytes: [UInt8]) async throws {
        try await TestServer.run { server in
            let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: .system)
            let (events, heard) = AsyncStream<Heard>.makeStream()
            let connection = try await client.connect(to: WebSocketURL("ws://127.0.0.1:\(server.port)/in")) {
                Listener(heard)
            }
            // As if they had come from the network.
            connection.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
            for await event in events where event != .opened {
                #expect(event == .ended(.violation(code: 1_002)))
                break
            }
            try await connection.closed.get()
            guard case .closed(1_002, let reason) = await server.end() else {
                Issue.record("the server was not told 1002")
                return
            }
            #expect(!reason.isEmpty)
        }
    }
}

/// Tells what it hears and answers nothing.
private final class Listener: WebSocketReceiver {
    private let heard: AsyncStream<Heard>.Continuation

    init(_ heard: AsyncStream<Heard>.Continuation) { self.heard = heard }

    func opened(_ connection: WebSocketConnection) { heard.yield(.opened) }
    func received(_ message: WireMessage, readAt: NIODeadline) { heard.yield(.message(message)) }
    func ended(_ end: WebSocketEnd) { heard.yield(.ended(end)) }
}

/// Answers the first bytes with the same words always, and closes.
private final class FixedAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: String

    init(_ answer: String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        context.close(mode: .output, promise: nil)
    }
}
