import NIOCore
import NIOWebSocket
import SidetoneModel

/// One end of a WebSocket, after the upgrade: joins fragments, answers pings, keeps RFC 6455 and the limits.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = OutgoingFrame
    typealias OutboundOut = ByteBuffer

    private let receiver: any WebSocketReceiver
    private let limits: WebSocketLimits
    /// A client masks what it sends, and a server takes nothing unmasked (RFC 6455 §5.1).
    private let isClient: Bool

    private var message = WireMessage(kind: .text, bytes: [])
    private var isInFragments = false
    /// Whether the receiver was told the end: what still comes is thrown away.
    private var hasEnded = false
    /// Whether the close frame is written: nothing may follow it (RFC 6455 §5.5.1).
    private var isClosing = false
    private var lastMessage = NIODeadline.now()
    private var hasNews = false
    private var hasMessage = false
    private var awaitsPong = false
    private enum Timer: Int, CaseIterable { case ping, idle, goodbye }
    private var timers = [Scheduled<Void>?](repeating: nil, count: Timer.allCases.count)

    private let clock: ReadClock
    /// Where frames leave: behind the encoder that the upgrade puts before this handler, which takes longer.
    private var outlet: ChannelHandlerContext?
    private var writer: FrameWriter

    init(receiver: any WebSocketReceiver, limits: WebSocketLimits, isClient: Bool, clock: ReadClock) {
        self.clock = clock
        self.receiver = receiver
        self.limits = limits
        self.isClient = isClient
        writer = FrameWriter(isMasking: isClient)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastMessage = .now()
        outlet = (try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)) ?? context
        receiver.opened(WebSocketConnection(channel: context.channel))
        arm(.ping, context, after: limits.ping) { $0.ping($1) }
        if !isClient { arm(.idle, context, after: limits.firstMessage) { $0.checkIdle($1) } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(.reset)
        disarm(.goodbye)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        tell(.reset)
        disarm(.goodbye)
        outlet = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as NIOWebSocketError: fail(context, code: error == .invalidFrameLength ? 1_009 : 1_002)
        // The decoder gave up at a violation that was answered; what came after it is thrown away.
        case is ByteToMessageDecoderError where hasEnded: break
        default:
            tell(.reset)
            context.close(promise: nil)
        }
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !hasEnded else { return }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3, (frame.maskKey != nil) != isClient else {
            return fail(context, code: 1_002)
        }
        awaitsPong = false
        switch frame.opcode {
        case .text: begin(.text, frame, context)
        case .binary: begin(.binary, frame, context)
        case .continuation:
            guard isInFragments else { return fail(context, code: 1_002) }
            append(frame, context)
        case .ping:
            // RFC 6455 §5.5.3 asks for the latest ping only: who does not read is not written to without end.
            guard !isClosing, context.channel.isWritable else { break }
            write(context, opcode: .pong, Array(frame.unmaskedData.readableBytesView))
        case .pong: break
        case .connectionClose: close(context, frame.unmaskedData)
        default: fail(context, code: 1_002)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // After the messages, not before them: what takes time here is not the peer's silence.
        if hasNews { lastMessage = .now() }
        hasNews = false
        context.fireChannelReadComplete()
    }

    private func begin(_ kind: WireMessage.Kind, _ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        guard !isInFragments else { return fail(context, code: 1_002) }
        message.kind = kind
        message.bytes.removeAll(keepingCapacity: true)
        append(frame, context)
    }

    private func append(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        let start = message.bytes.count
        guard start + frame.length <= limits.messageBytes else { return fail(context, code: 1_009) }
        message.bytes.append(contentsOf: frame.data.readableBytesView)
        if let key = frame.maskKey { Masking.apply(key, to: &message.bytes, from: start) }
        isInFragments = !frame.fin
        guard frame.fin else { return }
        if message.kind == .text, !isUTF8(message.bytes) { return fail(context, code: 1_007) }
        hasNews = true
        if !hasMessage {
            hasMessage = true
            if !isClient { arm(.idle, context, after: limits.idle) { $0.checkIdle($1) } }
        }
        receiver.received(message, readAt: clock.lastRead)
    }

    private func isUTF8(_ bytes: [UInt8]) -> Bool {
        // Nearly every message is ASCII: one pass without a branch a byte tells.
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        return union < 0x80 || String(validating: bytes, as: UTF8.self) != nil
    }

    private func close(_ context: ChannelHandlerContext, _ payload: ByteBuffer) {
        var payload = payload
        let code = payload.readInteger(as: UInt16.self).map(Int.init)
        let reason = payload.readBytes(length: payload.readableBytes) ?? []
        let isSound = code.map(Self.isCloseCode) ?? reason.isEmpty
        guard isSound, isUTF8(reason) else { return fail(context, code: isSound ? 1_007 : 1_002) }
        tell(isClosing ? .local : .closed(code: code))
        // Both have said it: the server closes first (RFC 6455 §7.1.1), and with a peer that awaits nothing, at once.
        leave(context, code: code ?? 1_000) { $0.close(promise: nil) }
    }

    /// RFC 6455 §7.4: the codes that may be on the wire.
    private static func isCloseCode(_ code: Int) -> Bool {
        (1_000...1_003).contains(code) || (1_007...1_014).contains(code) || (3_000...4_999).contains(code)
    }

    private func fail(_ context: ChannelHandlerContext, code: Int) {
        guard !hasEnded else { return }
        tell(.violation(code: code))
        leave(context, code: code, Self.hangUp)
    }

    /// Ends this side only. A socket that is closed with bytes unread resets the connection, and the peer may lose the
    /// close frame with it; so the rest is read and thrown away until the peer closes too.
    private static func hangUp(_ context: ChannelHandlerContext) { context.close(mode: .output, promise: nil) }

    /// Writes the close frame, unless that is done, and then lets go; a peer that does not take it is not waited for.
    private func leave(
        _ context: ChannelHandlerContext, code: Int, _ letGo: @escaping (ChannelHandlerContext) -> Void
    ) {
        guard !isClosing else { return context.close(promise: nil) }
        isClosing = true
        arm(.goodbye, context, after: Self.goodbye) { $1.close(promise: nil) }
        writeClose(context, code: code).assumeIsolated().whenComplete { _ in
            if context.channel.isActive { letGo(context) }
        }
    }

    private func tell(_ end: WebSocketEnd) {
        guard !hasEnded else { return }
        hasEnded = true
        disarm(.ping)
        disarm(.idle)
        receiver.ended(isClosing && end == .reset ? .local : end)
    }

    // MARK: Sending

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .message(let message):
            guard !isClosing else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            let opcode: WebSocketOpcode = message.kind == .text ? .text : .binary
            (outlet ?? context).write(wrapOutboundOut(writer.frame(opcode, message.bytes)), promise: promise)
        case .close(let code):
            guard !isClosing else {
                promise?.succeed()
                return
            }
            isClosing = true
            disarm(.ping)
            disarm(.idle)
            arm(.goodbye, context, after: Self.goodbye) { $1.close(promise: nil) }
            writeClose(context, code: code).cascade(to: promise)
        }
    }

    private func writeClose(_ context: ChannelHandlerContext, code: Int) -> EventLoopFuture<Void> {
        write(context, opcode: .connectionClose, [UInt8(code >> 8), UInt8(code & 0xFF)])
    }

    @discardableResult
    private func write(_ context: ChannelHandlerContext, opcode: WebSocketOpcode, _ payload: [UInt8])
        -> EventLoopFuture<Void>
    {
        let written = context.eventLoop.makePromise(of: Void.self)
        (outlet ?? context).writeAndFlush(wrapOutboundOut(writer.frame(opcode, payload)), promise: written)
        return written.futureResult
    }

    // MARK: Time

    /// How long a peer may take to hear the close frame and to answer it.
    private static let goodbye = TimeAmount.seconds(2)

    private func arm(
        _ timer: Timer, _ context: ChannelHandlerContext, after delay: TimeAmount,
        _ action: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
    ) {
        timers[timer.rawValue]?.cancel()
        // Not weakly: that slows down every message. All timers are disarmed at the end of the connection.
        timers[timer.rawValue] = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            guard context.channel.isActive else { return }
            action(self, context)
        }
    }

    private func disarm(_ timer: Timer) {
        timers[timer.rawValue]?.cancel()
        timers[timer.rawValue] = nil
    }

    private func ping(_ context: ChannelHandlerContext) {
        guard !awaitsPong else { return timeOut(context) }
        awaitsPong = true
        write(context, opcode: .ping, [])
        arm(.ping, context, after: limits.ping) { $0.ping($1) }
    }

    private func checkIdle(_ context: ChannelHandlerContext) {
        let left = lastMessage + (hasMessage ? limits.idle : limits.firstMessage) - .now()
        guard left > .zero else { return timeOut(context) }
        arm(.idle, context, after: left) { $0.checkIdle($1) }
    }

    private func timeOut(_ context: ChannelHandlerContext) {
        tell(.timeout)
        leave(context, code: 1_001, Self.hangUp)
    }
}
