import NIOCore
import NIOHTTP1
import NIOSSL
import SidetoneCallControl
import SidetoneWebSocket

/// One upgrade request, as a platform sends it, and the head of the response.
struct UpgradeProbe: Sendable {
    struct Answer: Sendable, Hashable {
        var status: Int
        /// Whether a 101 conforms to RFC 6455 §4.2.2, with the right key.
        var isWebSocket = false
        /// The target of a redirect, without its query.
        var location: String?
        var retryAfter: String?
        /// The Content-Type of the response.
        var contentType: String?
    }

    var address: SocketAddress
    var url: WebSocketURL
    var trust: TLS.Trust

    /// - Parameter token: sent as the bearer token; nil for none.
    func request(
        token: Secret?, on loop: any EventLoop, within deadline: TimeAmount
    ) async throws(ProbeFailure) -> Answer {
        let context: NIOSSLContext?
        do {
            context = url.isSecure ? try NIOSSLContext(configuration: TLS.clientConfiguration(trust)) : nil
        } catch { throw ProbeFailure(error) }
        let done = loop.makePromise(of: Answer.self)
        let url = url
        let channel: any Channel
        do throws(ProbeFailure) {
            channel = try await ProbeSocket.connect(to: address, on: loop, within: deadline) { channel in
                let pipeline = channel.pipeline.syncOperations
                if let context {
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: TLS.serverName(url.host)))
                }
                let encoder = HTTPRequestEncoder()
                try pipeline.addHandlers(
                    encoder, ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
                    UpgradeListener(url, token, encoder, done))
            }
        } catch {
            done.fail(error)
            throw error
        }
        defer { channel.close(promise: nil) }
        return try await ProbeSocket.value(of: done, within: deadline)
    }
}

private final class UpgradeListener: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The example of RFC 6455 §1.3; the key is not a secret.
    private static let key = (sent: "dGhlIHNhbXBsZSBub25jZQ==", accepted: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    /// RFC 6455 §5.5.1: a masked close frame with 1000; the mask is zero.
    private static let goodbye: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]

    private let url: WebSocketURL
    private let token: Secret?
    private let encoder: HTTPRequestEncoder
    private let done: EventLoopPromise<UpgradeProbe.Answer>

    init(
        _ url: WebSocketURL, _ token: Secret?, _ encoder: HTTPRequestEncoder,
        _ done: EventLoopPromise<UpgradeProbe.Answer>
    ) {
        self.url = url
        self.token = token
        self.encoder = encoder
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        var fields = HTTPHeaders([
            ("Host", url.authority), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", Self.key.sent),
        ])
        if let token { fields.add(name: "Authorization", value: "Bearer \(token.value)") }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let fields = head.headers
        let accepted = fields.first(name: "Sec-WebSocket-Accept") == Self.key.accepted
        done.succeed(
            UpgradeProbe.Answer(
                status: Int(head.status.code), isWebSocket: head.status == .switchingProtocols && accepted,
                location: fields.first(name: "Location").map { String($0.prefix { $0 != "?" && $0 != "#" }) },
                retryAfter: fields.first(name: "Retry-After"), contentType: fields.first(name: "Content-Type")))
        guard head.status == .switchingProtocols,
            let behind = try? context.pipeline.syncOperations.context(handler: encoder)
        else { return context.close(promise: nil) }
        behind.writeAndFlush(NIOAny(ByteBuffer(bytes: Self.goodbye)), promise: nil)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error is HTTPParserError ? ProbeFailure.notHTTP : error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { done.fail(ProbeFailure.closed) }
}
