import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SidetoneWebSocket
import Synchronization

/// Knocks at the receiver of streams from time to time, to see whether it still answers.
///
/// It asks without an upgrade, which the receiver refuses with a status of the 400s: that is the answer. A connection
/// that is closed at once was taken all the same, and has one too many of its address: that is none of a sick receiver.
final class Watchdog: Sendable {
    private struct State {
        var answers = true
        var failures = 0
    }

    private let state = Mutex(State())
    private let patience: TimeAmount
    private let logger: Logger

    /// - Parameter patience: how long it waits for a connection, and for an answer.
    init(patience: TimeAmount = .seconds(5), logger: Logger) {
        self.patience = patience
        self.logger = logger
    }

    /// Whether it answered last.
    var answers: Bool { state.withLock { $0.answers } }
    var failures: Int { state.withLock { $0.failures } }

    /// Knocks every so often until the task is cancelled.
    ///
    /// - Parameter url: of the receiver; nil while it is not meant to listen.
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
        if let problem { logger.error("Receiver does not answer", metadata: ["error": "\(problem)"]) }
    }

    /// - Returns: what went wrong; nil when it answered.
    private func request(_ url: WebSocketURL, group: any EventLoopGroup) async -> String? {
        let loop = group.next()
        let answer = loop.makePromise(of: String?.self)
        let host = ["0.0.0.0", "::"].contains(url.host) ? "127.0.0.1" : url.host
        let request = "GET \(url.target) HTTP/1.1\r\nHost: \(url.host):\(url.port)\r\nConnection: close\r\n\r\n"
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if url.isSecure {
                    var configuration = TLSConfiguration.makeClientConfiguration()
                    // It is this very process: there is nobody to be mistaken for.
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
                answer.succeed("no answer within \(milliseconds) ms")
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

/// Sends a request, and reads the first line of what is answered.
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
