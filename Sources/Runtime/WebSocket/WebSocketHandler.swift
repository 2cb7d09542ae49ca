import NIOCore
import NIOWebSocket
import SidetoneJSON
import SidetoneModel

/// One end of a WebSocket, after the upgrade: joins fragments, answers pings, keeps RFC 6455 and the limits.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
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
    private var lastFrame = NIODeadline.now()
    private var hasNews = false
    private var hasFrames = false
    private var hasMessage = false
    /// Whole messages so far.
    private var messageCount = 0
    /// The connection's; set at its end only, where there is no context any more.
    private var loop: (any EventLoop)?
    private var awaitsPong = false
    /// Whether a silent peer was sent a ping, and nothing has come since.
    private var isProbing = false
    private enum Timer: Int, CaseIterable { case ping, idle, goodbye, resumption }
    private var timers = [Scheduled<Void>?](repeating: nil, count: Timer.allCases.count)

    /// Whether nothing is read from the peer now: it has sent more than it may.
    private var isPaused = false
    /// Until when what waits is processed after the end of the connection; nil while that is open.
    private var drainDeadline: NIODeadline?
    private var drainStep: Scheduled<Void>?
    private var frames: TokenBucket?
    private var bytes: TokenBucket?
    private var controlFrames: TokenBucket
    private let clock: ReadClock
    /// Where frames leave: behind the encoder that the upgrade puts before this handler, which takes longer.
    private var outlet: ChannelHandlerContext?
    private var reader: FrameReader
    private var writer: FrameWriter

    init(receiver: any WebSocketReceiver, limits: WebSocketLimits, isClient: Bool, clock: ReadClock) {
        self.clock = clock
        self.receiver = receiver
        self.limits = limits
        self.isClient = isClient
        reader = FrameReader(limit: limits.messageBytes)
        writer = FrameWriter(isMasking: isClient)
        frames = limits.frames.map { TokenBucket($0) }
        bytes = limits.bytes.map { TokenBucket($0) }
        controlFrames = TokenBucket(limits.controlFrames)
    }

    /// Puts a handler in place of the decoder that an upgrade has added, which takes several times as long.
    static func install(_ handler: WebSocketHandler, in pipeline: ChannelPipeline.SynchronousOperations) throws {
        let encoder = try pipeline.handler(type: WebSocketFrameEncoder.self)
        try pipeline.addHandler(handler, position: .after(encoder))
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<WebSocketFrameDecoder>.self)
        pipeline.removeHandler(context: decoder, promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastMessage = .now()
        outlet = (try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)) ?? context
        receiver.opened(WebSocketConnection(channel: context.channel))
        arm(.ping, context: context, after: limits.ping) { $0.ping($1) }
        if !isClient { arm(.idle, context: context, after: limits.firstMessage) { $0.checkIdle($1) } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lost(context)
        disarm(.goodbye)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lost(context)
        disarm(.goodbye)
        outlet = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lost(context)
        context.close(promise: nil)
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasEnded else { return }
        reader.add(unwrapInboundIn(data))
        if !isPaused { process(context, readAt: clock.lastRead) }
    }

    /// Takes the frames that are there, until the peer has to wait.
    ///
    /// - Parameter context: nil after the end of the connection.
    private func process(_ context: ChannelHandlerContext?, readAt: NIODeadline) {
        frames?.refill(at: readAt)
        bytes?.refill(at: readAt)
        do throws(FrameReader.Failure) {
            while let frame = try reader.next() {
                let messages = messageCount
                handle(frame, context: context, readAt: readAt)
                guard !hasEnded else { return reader.clear() }
                frames?.spend(1)
                bytes?.spend(Double(frame.length))
                guard let until = pause(after: readAt, hasMessage: messageCount != messages) else { continue }
                return hold(context, until: until)
            }
        } catch {
            reader.clear()
            if error == .tooLong {
                fail(context, code: 1_009, reason: tooLong)
            } else {
                fail(context, code: 1_002, reason: "a control frame has at most 125 bytes and no fragments")
            }
        }
    }

    /// When the peer may go on; nil where at once.
    private func pause(after readAt: NIODeadline, hasMessage: Bool) -> NIODeadline? {
        guard !isClosing else { return nil }
        var until = hasMessage && !isClient ? receiver.pausedUntil : nil
        if let wait = frames?.wait { until = max(until ?? readAt, readAt + max(wait, Self.shortestPause)) }
        if let wait = bytes?.wait { until = max(until ?? readAt, readAt + max(wait, Self.shortestPause)) }
        return until
    }

    /// Stops reading: what comes then waits with the kernel, and soon with the peer.
    private func hold(_ context: ChannelHandlerContext?, until: NIODeadline) {
        isPaused = true
        guard let context, drainDeadline == nil else { return drainLater(until) }
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        let delay = max(until - .now(), .zero)
        arm(.resumption, context: context, after: delay) { $0.resume($1) }
    }

    /// Goes on with what waits, then reads again.
    private func resume(_ context: ChannelHandlerContext) {
        isPaused = false
        process(context, readAt: .now())
        recordMessages()
        if !isPaused { try? context.channel.syncOptions?.setOption(.autoRead, value: true) }
    }

    /// The close frame of either side has been written: the rest is read at once, to be discarded.
    private func endPause(_ context: ChannelHandlerContext?) {
        guard isPaused, let context else { return }
        isPaused = false
        disarm(.resumption)
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// The connection is gone. What the peer sent before and was not read yet is still its stream's: it goes on at its pace,
    /// for a bounded time.
    private func lost(_ context: ChannelHandlerContext) {
        guard drainDeadline == nil else { return }
        // Also within the processing of a message: an answer to it that cannot be written ends the connection.
        guard reader.waitingBytes > 0, !hasEnded, !isClosing else { return notify(.reset) }
        disarm(.ping)
        disarm(.idle)
        disarm(.resumption)
        loop = context.eventLoop
        drainDeadline = .now() + limits.drain
        drainLater(.now())
    }

    private func drainLater(_ due: NIODeadline) {
        guard let drainDeadline, let loop else { return }
        // What is due after the deadline is not waited for.
        let time = due > drainDeadline ? NIODeadline.now() : due
        drainStep?.cancel()
        drainStep = loop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            drainStep = nil
            isPaused = false
            if due <= drainDeadline { process(nil, readAt: .now()) }
            guard !isPaused, !hasEnded else { return }
            if reader.waitingBytes > 0, due > drainDeadline { receiver.dropped(bytes: reader.waitingBytes) }
            reader.clear()
            notify(.reset)
        }
    }

    private func handle(_ frame: FrameReader.Frame, context: ChannelHandlerContext?, readAt: NIODeadline) {
        guard !frame.isExtended else { return fail(context, code: 1_002, reason: "no extension was negotiated") }
        guard (frame.key != nil) != isClient else {
            return fail(context, code: 1_002, reason: isClient ? "a server does not mask" : "a client masks its frames")
        }
        awaitsPong = false
        isProbing = false
        hasFrames = true
        switch frame.opcode {
        case .text: begin(.text, frame: frame, context: context, readAt: readAt)
        case .binary: begin(.binary, frame: frame, context: context, readAt: readAt)
        case .continuation:
            guard isInFragments else { return fail(context, code: 1_002, reason: "a continuation follows no fragment") }
            append(frame, context: context, readAt: readAt)
        case .ping, .pong:
            let payload = payload(of: frame)
            controlFrames.refill(at: readAt)
            controlFrames.spend(1)
            guard controlFrames.wait == nil else { return fail(context, code: 1_008, reason: "too many pings") }
            // RFC 6455 §5.5.3 asks for the latest ping only: who does not read is not written to without end.
            guard frame.opcode == .ping, let context, !isClosing, context.channel.isWritable else { break }
            write(context, opcode: .pong, payload: payload)
        case .connectionClose: close(context, payload: payload(of: frame))
        default: fail(context, code: 1_002, reason: "the opcode is reserved")
        }
    }

    /// Of a control frame: 125 bytes at most.
    private func payload(of frame: FrameReader.Frame) -> [UInt8] {
        var payload: [UInt8] = []
        reader.consume(frame, appendingTo: &payload)
        return payload
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        recordMessages()
        context.fireChannelReadComplete()
    }

    /// After the messages, not before them: what takes time here is not the peer's silence.
    private func recordMessages() {
        if hasNews { lastMessage = .now() }
        if hasFrames { lastFrame = .now() }
        hasNews = false
        hasFrames = false
    }

    private func begin(
        _ kind: WireMessage.Kind, frame: FrameReader.Frame, context: ChannelHandlerContext?, readAt: NIODeadline
    ) {
        guard !isInFragments else {
            return fail(context, code: 1_002, reason: "the message in fragments is not finished")
        }
        message.kind = kind
        message.bytes.removeAll(keepingCapacity: true)
        append(frame, context: context, readAt: readAt)
    }

    private func append(_ frame: FrameReader.Frame, context: ChannelHandlerContext?, readAt: NIODeadline) {
        guard message.bytes.count + frame.length <= limits.messageBytes else {
            return fail(context, code: 1_009, reason: tooLong)
        }
        reader.consume(frame, appendingTo: &message.bytes)
        isInFragments = !frame.isLast
        guard frame.isLast else { return }
        if message.kind == .text, !isUTF8(message.bytes) {
            return fail(context, code: 1_007, reason: "the text is not UTF-8")
        }
        hasNews = true
        messageCount &+= 1
        if !hasMessage {
            hasMessage = true
            if !isClient, let context { arm(.idle, context: context, after: limits.idle) { $0.checkIdle($1) } }
        }
        receiver.received(message, readAt: readAt)
    }

    private var tooLong: String { "a message has at most \(limits.messageBytes) bytes" }

    private func isUTF8(_ bytes: [UInt8]) -> Bool {
        // Nearly every message is ASCII: one pass without a branch a byte tells.
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        return union < 0x80 || String(validating: bytes, as: UTF8.self) != nil
    }

    private func close(_ context: ChannelHandlerContext?, payload: [UInt8]) {
        let code = payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1])
        let reason = code == nil ? payload : Array(payload[2...])
        let isSound = code.map(Self.isCloseCode) ?? reason.isEmpty
        guard isSound else { return fail(context, code: 1_002, reason: "the close code is none of RFC 6455 §7.4") }
        guard isUTF8(reason) else { return fail(context, code: 1_007, reason: "the close reason is not UTF-8") }
        let text = PrintableText.short(String(decoding: reason, as: UTF8.self), limit: CloseFrame.maxReasonBytes)
        notify(isClosing ? .local : .closed(code: code, reason: text))
        // Both have said it: the server closes first (RFC 6455 §7.1.1), and with a peer that awaits nothing, at once.
        leave(context, code: code ?? 1_000) { $0.close(promise: nil) }
    }

    /// RFC 6455 §7.4: the codes that may be on the wire.
    private static func isCloseCode(_ code: Int) -> Bool {
        (1_000...1_003).contains(code) || (1_007...1_014).contains(code) || (3_000...4_999).contains(code)
    }

    private func fail(_ context: ChannelHandlerContext?, code: Int, reason: String) {
        guard !hasEnded else { return }
        notify(.violation(code: code))
        leave(context, code: code, reason: reason, letGo: Self.hangUp)
    }

    /// Ends this side only. A socket that is closed with bytes unread resets the connection, and the peer may lose the
    /// close frame with it; so the rest is read and thrown away until the peer closes too.
    private static func hangUp(_ context: ChannelHandlerContext) { context.close(mode: .output, promise: nil) }

    /// Writes the close frame, unless that is done, and then lets go; a peer that does not take it is not waited for.
    private func leave(
        _ context: ChannelHandlerContext?, code: Int, reason: String = "",
        letGo: @escaping (ChannelHandlerContext) -> Void
    ) {
        guard let context else { return }
        endPause(context)
        guard !isClosing else { return context.close(promise: nil) }
        isClosing = true
        arm(.goodbye, context: context, after: Self.goodbye) { $1.close(promise: nil) }
        writeClose(context, code: code, reason: reason).assumeIsolated().whenComplete { _ in
            if context.channel.isActive { letGo(context) }
        }
    }

    private func notify(_ end: WebSocketEnd) {
        guard !hasEnded else { return }
        hasEnded = true
        disarm(.ping)
        disarm(.idle)
        disarm(.resumption)
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
            (outlet ?? context).write(wrapOutboundOut(writer.frame(opcode, payload: message.bytes)), promise: promise)
        case .close(let code, let reason):
            guard !isClosing else {
                promise?.succeed()
                return
            }
            isClosing = true
            disarm(.ping)
            disarm(.idle)
            arm(.goodbye, context: context, after: Self.goodbye) { $1.close(promise: nil) }
            writeClose(context, code: code, reason: reason).cascade(to: promise)
            endPause(context)
        }
    }

    private func writeClose(_ context: ChannelHandlerContext, code: Int, reason: String) -> EventLoopFuture<Void> {
        write(context, opcode: .connectionClose, payload: CloseFrame.payload(code: code, reason: reason))
    }

    @discardableResult
    private func write(_ context: ChannelHandlerContext, opcode: WebSocketOpcode, payload: [UInt8])
        -> EventLoopFuture<Void>
    {
        let written = context.eventLoop.makePromise(of: Void.self)
        (outlet ?? context).writeAndFlush(wrapOutboundOut(writer.frame(opcode, payload: payload)), promise: written)
        return written.futureResult
    }

    // MARK: Time

    /// So that a peer that is held back is read some frames at a time.
    private static let shortestPause = TimeAmount.milliseconds(20)
    /// How long a peer may take to hear the close frame and to answer it.
    private static let goodbye = TimeAmount.seconds(2)

    private func arm(
        _ timer: Timer, context: ChannelHandlerContext, after delay: TimeAmount,
        action: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
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
        guard isPaused || !awaitsPong else {
            return timeOut(context, reason: "a ping was not answered")
        }
        // The answer of a peer that is not read would stay unread.
        awaitsPong = !isPaused
        if !isPaused { write(context, opcode: .ping, payload: []) }
        arm(.ping, context: context, after: limits.ping) { $0.ping($1) }
    }

    /// A stream on hold sends nothing and is not over: a peer that is silent for too long is sent a ping, and only one
    /// that does not answer it either, or leaves a message unfinished, is gone.
    private func checkIdle(_ context: ChannelHandlerContext) {
        // A peer that is held back is not silent: what it sends is not read.
        if isPaused { return arm(.idle, context: context, after: min(limits.idle, limits.ping)) { $0.checkIdle($1) } }
        guard hasMessage, !isInFragments else {
            let limit = hasMessage ? limits.idle : limits.firstMessage
            let left = lastMessage + limit - .now()
            guard left > .zero else {
                return timeOut(
                    context, reason: hasMessage ? "a message was not finished in time" : "no message came in time")
            }
            return arm(.idle, context: context, after: left) { $0.checkIdle($1) }
        }
        let left = max(lastMessage, lastFrame) + limits.idle - .now()
        if left <= .zero, isProbing {
            return timeOut(context, reason: "no message came in time, and a ping was not answered")
        }
        if left <= .zero {
            isProbing = true
            write(context, opcode: .ping, payload: [])
        }
        arm(.idle, context: context, after: left > .zero ? left : min(limits.idle, limits.ping)) { $0.checkIdle($1) }
    }

    private func timeOut(_ context: ChannelHandlerContext, reason: String) {
        notify(.timeout)
        leave(context, code: 1_001, reason: reason, letGo: Self.hangUp)
    }
}
