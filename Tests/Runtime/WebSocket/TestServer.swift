import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SidetoneModel

@testable import SidetoneWebSocket

/// What a receiver heard.
enum Heard: Sendable, Hashable {
    case opened
    case message(WireMessage)
    case ended(WebSocketEnd)
    /// Nobody holds the receiver any more.
    case gone
}

/// Tells what it hears, and sends messages back.
final class Echo: WebSocketReceiver {
    private let heard: AsyncStream<Heard>.Continuation
    private let greeting: WireMessage?
    private var connection: WebSocketConnection?

    init(_ heard: AsyncStream<Heard>.Continuation, greeting: WireMessage? = nil) {
        self.heard = heard
        self.greeting = greeting
    }

    /// Longer than a close frame takes; byte 123 is within a letter.
    static let reason = "closed on request: " + String(repeating: "é", count: 100)

    deinit { heard.yield(.gone) }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        heard.yield(.opened)
        if let greeting { connection.send(greeting) }
    }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        heard.yield(.message(message))
        if message == .text("close, please") {
            connection?.close(code: 1_001, reason: Self.reason)
        } else if case let text = String(decoding: message.bytes, as: UTF8.self), text.hasPrefix("close with ") {
            connection?.close(code: 1_001, reason: String(text.dropFirst("close with ".count)))
        } else {
            connection?.send(message)
        }
    }

    func ended(_ end: WebSocketEnd) { heard.yield(.ended(end)) }
}

/// A server on a free port of this machine that echoes.
struct TestServer: Sendable {
    let port: Int
    let heard: AsyncStream<Heard>
    /// The heads that asked for an upgrade.
    let requests: AsyncStream<WebSocketServer.Request>

    /// - Parameter refusal: the answer to every upgrade; nil accepts.
    static func run<Value: Sendable>(
        _ change: (inout WebSocketLimits) -> Void = { _ in }, greeting: WireMessage? = nil,
        tls: NIOSSLContext? = nil, refusal: WebSocketServer.Answer? = nil,
        body: (TestServer) async throws -> Value
    ) async throws -> Value {
        var limits = WebSocketLimits()
        change(&limits)
        let (heard, listener) = AsyncStream<Heard>.makeStream()
        let (requests, clerk) = AsyncStream<WebSocketServer.Request>.makeStream()
        let context = tls.map { tls in { @Sendable in tls } }
        let server = try await WebSocketServer.listen(
            host: "127.0.0.1", port: 0, tls: context, limits: limits,
            // One loop: connections are admitted in the order in which they come.
            group: MultiThreadedEventLoopGroup.singleton.next()
        ) { request in
            clerk.yield(request)
            return refusal ?? .accept { Echo(listener, greeting: greeting) }
        }
        let value: Value
        do {
            value = try await body(TestServer(port: server.port, heard: heard, requests: requests))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        clerk.finish()
        return value
    }

    /// How the connection ended, once it has.
    func end() async -> WebSocketEnd? {
        for await event in heard { if case .ended(let end) = event { return end } }
        return nil
    }

    /// The next message that was heard.
    func message() async -> WireMessage? {
        for await event in heard { if case .message(let message) = event { return message } }
        return nil
    }

    /// Returns once nothing is left of so many connections.
    func gone(_ count: Int) async {
        var left = count
        for await event in heard where event == .gone {
            left -= 1
            if left == 0 { return }
        }
    }

    /// How many upgrades were asked for; the server must have stopped.
    func decided() async -> Int { await requests.reduce(0) { count, _ in count + 1 } }
}
