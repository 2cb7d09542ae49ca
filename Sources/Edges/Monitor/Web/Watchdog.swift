import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SidetoneWebSocket
import Synchronization

/// Periodically checks that the receiver of streams still responds.
///
/// It sends a request without an upgrade, which a healthy receiver refuses with a 4xx status. A connection that is closed
/// immediately was accepted but exceeded the limit of its address, which is not a failure of the receiver.
final class Watchdog: Sendable {
    private struct State {
        var answers = true
        var failures = 0
    }

    private let state = Mutex(State())
    private let patience: TimeAmount
    private let logger: Logger

    /// - Parameter patience: the timeout for a connection and for a response.
    init(patience: TimeAmount = .seconds(5), logger: Logger) {
        self.patience = patience
        self.logger = logger
    }

    /// Whether the last check succeeded.
    var answers: Bool { state.withLock { $0.answers } }
    var failures: Int { state.withLock { $0.failures } }

    /// Checks at intervals until the task is cancelled.
    ///
    /// - Parameter url: the URL of the receiver; nil while it does not listen.
    func run(every seconds: Int, group: any EventLoopGroup, url: () -> String?) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
            guard let text = url(), let url = try? WebSocketURL(text) else { continue }
            await ping(url, group: group)
        }
    }

    func ping(_ url: WebSocketURL, group: any EventLoopGroup) async {
        let problem = await request(url, group: group)
        state.withLock { state in
            state.answers = problem == nil
            if problem != nil { state.failures += 1 }
        }
        if let problem { logger.error("Receiver does not respond", metadata: ["error": "\(problem)"]) }
    }

    /// - Returns: the problem; nil if the receiver responded.
    private func request(_ url: WebSocketURL, group: any EventLoopGroup) async -> String? {
        let loop = group.next()
        let answer = loop.makePromise(of: String?.self)
        let host = ["0.0.0.0", "::"].contains(url.host) ? "127.0.0.1" : url.host
        let request = "GET \(url.target) HTTP/1.1\r\nHost: \(url.host):\(url.port)\r\nConnection: close\r\n\r\n"
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if url.isSecure {
                    var configuration = TLSConfiguration.makeClientConfiguration()
                    // The peer is this process: its identity need not be verified.
                    configuration.certificateVerification = .none
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: nil))
                }
                try channel.pipeline.syncOperations.addHandler(StatusReader(request, answer))
            }
        }
        do {
            let channel = try await bootstrap.connect(host: host, port: url.port).get()
            let milliseconds = patience.nanoseconds / 1_000_000
            let deadline = channel.eventLoop.scheduleTask(in: patience) {
                answer.succeed("no response within \(milliseconds) ms")
            }
            let problem = try await answer.futureResult.get()
            deadline.cancel()
            channel.close(promise: nil)
            return problem
        } catch {
            answer.fail(error)
            return "\(error)"
        }
    }
}

/// Sends a request and reads the status line of the response.
private final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let answer: EventLoopPromise<String?>

    init(_ request: String, _ answer: EventLoopPromise<String?>) {
        self.request = request
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: unwrapInboundIn(data)).prefix(12)
        answer.succeed(text.hasPrefix("HTTP/1.1 4") ? nil : "answered \"\(text)\"")
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed(nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
