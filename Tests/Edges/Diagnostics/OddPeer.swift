import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Something that listens on a free port of this machine and is no receiver of streams.
struct OddPeer: Sendable {
    enum Manner: Sendable {
        /// Says this to whatever ends with an empty line, and closes.
        case answers(String)
        case silent
        /// Closes at the first bytes.
        case closes
        /// As `answers`, each connection the next one; the last one for the rest.
        case inTurn(Turns)
    }

    /// Answers that are given one after the other.
    final class Turns: Sendable {
        private let left: Mutex<[String]>

        init(_ answers: [String]) { left = Mutex(answers) }

        func next() -> String { left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? "" } }
    }

    static func run<Value: Sendable>(
        _ manner: Manner, tls: NIOSSLContext? = nil, body: (Int) async throws -> Value
    ) async throws -> Value {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(OddPeerHandler(manner))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let value: Value
        do { value = try await body(channel.localAddress?.port ?? 0) } catch {
            try? await channel.close()
            throw error
        }
        try? await channel.close()
        return value
    }
}

private final class OddPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let manner: OddPeer.Manner
    private var heard: [UInt8] = []

    init(_ manner: OddPeer.Manner) { self.manner = manner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heard += Array(unwrapInboundIn(data).readableBytesView)
        switch manner {
        case .silent: break
        case .closes: context.close(promise: nil)
        case .answers(let text): answer(text, context: context)
        case .inTurn(let turns): answer(turns.next(), context: context)
        }
    }

    private func answer(_ text: @autoclosure () -> String, context: ChannelHandlerContext) {
        guard heard.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text())), promise: nil)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
