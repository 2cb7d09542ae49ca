import NIOCore
import NIOWebSocket
import SidetoneModel

/// One end of a WebSocket, after the upgrade: joins fragments, answers pings, keeps RFC 6455 and the limits.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = OutgoingFrame
    typealias OutboundOut = WebSocketFrame

    private let receiver: any WebSocketReceiver
    private let limits: WebSocketLimits
    /// A client masks what it sends, and a server takes nothing unmasked (RFC 6455 §5.1).
    private let isClient: Bool

    private var message = WireMessage(kind: .text, bytes: [])
    private var isInFragments = false
    private var end: WebSocketEnd?
    private var isTold = false
    private var isClosing = false
    private var lastMessage = NIODeadline.now()
    private var hasMessage = false
    private var awaitsPong = false
    private enum Timer: Int, CaseIterable { case ping, idle, goodbye }
    private var timers = [Scheduled<Void>?](repeating: nil, count: Timer.allCases.count)

    private let clock: ReadClock

    init(receiver: any WebSocketReceiver, limits: WebSocketLimits, isClient: Bool, clock: ReadClock) {
        self.clock = clock
        self.receiver = receiver
        self.limits = limits
        self.isClient = isClient
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastMessage = .now()
        receiver.opened(WebSocketConnection(channel: context.channel))
        arm(.ping, context, after: limits.ping) { $0.ping($1) }
        if !isClient { arm(.idle, context, after: limits.firstMessage) { $0.checkIdle($1) } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(.reset)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { tell(.reset) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOWebSocketError {
            fail(context, code: error == .invalidFrameLength ? 1_009 : 1_002)
        } else {
            tell(.reset)
            context.close(promise: nil)
        }
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard end == nil else { return }
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
        case .ping: write(context, opcode: .pong, frame.unmaskedData)
        case .pong: break
        case .connectionClose: close(context, frame.unmaskedData)
        default: fail(context, code: 1_002)
        }
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
        lastMessage = clock.lastRead
        hasMessage = true
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
        if !isClosing { writeClose(context, code: code ?? 1_000) }
        context.close(promise: nil)
    }

    /// RFC 6455 §7.4: the codes that may be on the wire.
    private static func isCloseCode(_ code: Int) -> Bool {
        (1_000...1_003).contains(code) || (1_007...1_014).contains(code) || (3_000...4_999).contains(code)
    }

    private func fail(_ context: ChannelHandlerContext, code: Int) {
        guard end == nil else { return }
        tell(.violation(code: code))
        if !isClosing { writeClose(context, code: code) }
        isClosing = true
        context.close(promise: nil)
    }

    private func tell(_ end: WebSocketEnd) {
        guard !isTold else { return }
        isTold = true
        self.end = end
        for timer in timers { timer?.cancel() }
        receiver.ended(isClosing && end == .reset ? .local : end)
    }

    // MARK: Sending

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .message(let message):
            let opcode: WebSocketOpcode = message.kind == .text ? .text : .binary
            let frame = WebSocketFrame(
                fin: true, opcode: opcode, maskKey: isClient ? .random() : nil,
                data: context.channel.allocator.buffer(bytes: message.bytes))
            context.write(wrapOutboundOut(frame), promise: promise)
        case .close(let code):
            guard !isClosing else {
                promise?.succeed()
                return
            }
            isClosing = true
            writeClose(context, code: code)
            promise?.succeed()
            // A peer that does not answer is not waited for.
            arm(.goodbye, context, after: .seconds(2)) { $1.close(promise: nil) }
        }
    }

    private func writeClose(_ context: ChannelHandlerContext, code: Int) {
        var payload = context.channel.allocator.buffer(capacity: 2)
        payload.writeInteger(UInt16(code))
        write(context, opcode: .connectionClose, payload)
    }

    private func write(_ context: ChannelHandlerContext, opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: isClient ? .random() : nil, data: payload)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    // MARK: Time

    private func arm(
        _ timer: Timer, _ context: ChannelHandlerContext, after delay: TimeAmount,
        _ action: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
    ) {
        timers[timer.rawValue] = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, context.channel.isActive else { return }
            action(self, context)
        }
    }

    private func ping(_ context: ChannelHandlerContext) {
        guard !awaitsPong else { return timeOut(context) }
        awaitsPong = true
        write(context, opcode: .ping, ByteBuffer())
        arm(.ping, context, after: limits.ping) { $0.ping($1) }
    }

    private func checkIdle(_ context: ChannelHandlerContext) {
        let left = lastMessage + (hasMessage ? limits.idle : limits.firstMessage) - .now()
        guard left > .zero else { return timeOut(context) }
        arm(.idle, context, after: left) { $0.checkIdle($1) }
    }

    private func timeOut(_ context: ChannelHandlerContext) {
        tell(.timeout)
        writeClose(context, code: 1_001)
        isClosing = true
        context.close(promise: nil)
    }
}
