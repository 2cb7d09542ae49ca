import NIOCore
import NIOWebSocket
import SidetoneJSON
import SidetoneModel

/// One end of a WebSocket after the upgrade: joins fragments, answers pings, enforces RFC 6455 and the limits.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = OutgoingFrame
    typealias OutboundOut = ByteBuffer

    private let receiver: any WebSocketReceiver
    private let limits: WebSocketLimits
    /// A client masks what it sends, and a server accepts masked frames only (RFC 6455 §5.1).
    private let isClient: Bool

    private var message = WireMessage(kind: .text, bytes: [])
    private var isInFragments = false
    /// Whether the receiver has been notified of the end: all further input is discarded.
    private var hasEnded = false
    /// Whether the close frame has been written: nothing may follow it (RFC 6455 §5.5.1).
    private var isClosing = false
    private var lastMessage = NIODeadline.now()
    private var lastFrame = NIODeadline.now()
    private var hasNews = false
    private var hasFrames = false
    private var hasMessage = false
    /// The number of complete messages so far.
    private var messageCount = 0
    /// The connection's channel; set at its end only, when there is no context any more.
    private var loop: (any EventLoop)?
    private var awaitsPong = false
    /// Whether a ping to a silent peer is unanswered.
    private var isProbing = false
    private enum Timer: Int, CaseIterable { case ping, idle, goodbye, resumption }
    private var timers = [Scheduled<Void>?](repeating: nil, count: Timer.allCases.count)

    /// Whether reading is suspended because the peer exceeded its rate.
    private var isPaused = false
    /// The deadline for processing buffered input after the end of the connection; nil while it is open.
    private var drainDeadline: NIODeadline?
    private var drainStep: Scheduled<Void>?
    private var frames: TokenBucket?
    private var bytes: TokenBucket?
    private var controlFrames: TokenBucket
    private let clock: ReadClock
    /// Frames are written behind the encoder that the upgrade adds before this handler, because that encoder is slower.
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

    /// Replaces the decoder added by the upgrade, which is several times slower, with a handler.
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

    /// Processes the complete frames, until reading is suspended.
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

    /// When the peer may continue; nil if immediately.
    private func pause(after readAt: NIODeadline, hasMessage: Bool) -> NIODeadline? {
        guard !isClosing else { return nil }
        var until = hasMessage && !isClient ? receiver.pausedUntil : nil
        if let wait = frames?.wait { until = max(until ?? readAt, readAt + max(wait, Self.shortestPause)) }
        if let wait = bytes?.wait { until = max(until ?? readAt, readAt + max(wait, Self.shortestPause)) }
        return until
    }

    /// Stops reading: further input accumulates in the kernel and, soon, at the peer.
    private func hold(_ context: ChannelHandlerContext?, until: NIODeadline) {
        isPaused = true
        guard let context, drainDeadline == nil else { return drainLater(until) }
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        let delay = max(until - .now(), .zero)
        arm(.resumption, context: context, after: delay) { $0.resume($1) }
    }

    /// Continues with buffered input, then resumes reading.
    private func resume(_ context: ChannelHandlerContext) {
        isPaused = false
        process(context, readAt: .now())
        recordMessages()
        if !isPaused { try? context.channel.syncOptions?.setOption(.autoRead, value: true) }
    }

    /// A close frame of either side has been written: remaining input is read and discarded.
    private func endPause(_ context: ChannelHandlerContext?) {
        guard isPaused, let context else { return }
        isPaused = false
        disarm(.resumption)
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// The connection has ended. Unprocessed input still belongs to the stream and is processed at its pace, for a
    /// limited time.
    private func lost(_ context: ChannelHandlerContext) {
        guard drainDeadline == nil else { return }
        // This also happens while a message is processed: a reply that cannot be written ends the connection.
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
        // Input due after the deadline is not waited for.
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
            return fail(
                context, code: 1_002,
                reason: isClient ? "server frames must not be masked" : "client frames must be masked")
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
            // RFC 6455 §5.5.3 requires an answer to the latest ping only: replies to a peer that does not read are
            // bounded.
            guard frame.opcode == .ping, let context, !isClosing, context.channel.isWritable else { break }
            write(context, opcode: .pong, payload: payload)
        case .connectionClose: close(context, payload: payload(of: frame))
        default: fail(context, code: 1_002, reason: "the opcode is reserved")
        }
    }

    /// For a control frame: at most 125 bytes.
    private func payload(of frame: FrameReader.Frame) -> [UInt8] {
        var payload: [UInt8] = []
        reader.consume(frame, appendingTo: &payload)
        return payload
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        recordMessages()
        context.fireChannelReadComplete()
    }

    /// After the messages, not before: the time spent here is not the peer's silence.
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
            return fail(context, code: 1_002, reason: "the fragmented message is not complete")
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

    private var tooLong: String { "a message may have at most \(limits.messageBytes) bytes" }

    private func isUTF8(_ bytes: [UInt8]) -> Bool {
        // Nearly every message is ASCII, which one pass without branches confirms.
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        return union < 0x80 || String(validating: bytes, as: UTF8.self) != nil
    }

    private func close(_ context: ChannelHandlerContext?, payload: [UInt8]) {
        let code = payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1])
        let reason = code == nil ? payload : Array(payload[2...])
        let isSound = code.map(Self.isCloseCode) ?? reason.isEmpty
        guard isSound else { return fail(context, code: 1_002, reason: "the close code is not valid (RFC 6455 §7.4)") }
        guard isUTF8(reason) else { return fail(context, code: 1_007, reason: "the close reason is not UTF-8") }
        let text = PrintableText.short(String(decoding: reason, as: UTF8.self), limit: CloseFrame.maxReasonBytes)
        notify(isClosing ? .local : .closed(code: code, reason: text))
        // Both sides have sent a close frame: the server closes first (RFC 6455 §7.1.1), immediately if nothing is
        // expected.
        leave(context, code: code ?? 1_000) { $0.close(promise: nil) }
    }

    /// RFC 6455 §7.4: the codes that may be sent.
    private static func isCloseCode(_ code: Int) -> Bool {
        (1_000...1_003).contains(code) || (1_007...1_014).contains(code) || (3_000...4_999).contains(code)
    }

    private func fail(_ context: ChannelHandlerContext?, code: Int, reason: String) {
        guard !hasEnded else { return }
        notify(.violation(code: code))
        leave(context, code: code, reason: reason, letGo: Self.hangUp)
    }

    /// Half-closes the connection. Closing a socket with unread bytes resets it, and the peer may lose the close frame;
    /// so the rest is read and discarded until the peer closes too.
    private static func hangUp(_ context: ChannelHandlerContext) { context.close(mode: .output, promise: nil) }

    /// Writes the close frame, unless already written, and closes; does not wait for a peer that does not read it.
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

    /// The interval at which a throttled peer is read, a few frames at a time.
    private static let shortestPause = TimeAmount.milliseconds(20)
    /// The time limit for the peer to receive and answer the close frame.
    private static let goodbye = TimeAmount.seconds(2)

    private func arm(
        _ timer: Timer, context: ChannelHandlerContext, after delay: TimeAmount,
        action: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
    ) {
        timers[timer.rawValue]?.cancel()
        // A strong reference, because a weak one slows down every message. All timers are cancelled at the end of the
        // connection.
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
        // The answer of a peer that is not being read would stay unread.
        awaitsPong = !isPaused
        if !isPaused { write(context, opcode: .ping, payload: []) }
        arm(.ping, context: context, after: limits.ping) { $0.ping($1) }
    }

    /// A stream on hold sends nothing but has not ended: a silent peer is sent a ping, and the connection is closed
    /// only if it does not answer, or leaves a message incomplete.
    private func checkIdle(_ context: ChannelHandlerContext) {
        // A throttled peer is not silent: its input is not being read.
        if isPaused { return arm(.idle, context: context, after: min(limits.idle, limits.ping)) { $0.checkIdle($1) } }
        guard hasMessage, !isInFragments else {
            let limit = hasMessage ? limits.idle : limits.firstMessage
            let left = lastMessage + limit - .now()
            guard left > .zero else {
                return timeOut(
                    context, reason: hasMessage ? "a message was not completed in time" : "no message arrived in time")
            }
            return arm(.idle, context: context, after: left) { $0.checkIdle($1) }
        }
        let left = max(lastMessage, lastFrame) + limits.idle - .now()
        if left <= .zero, isProbing {
            return timeOut(context, reason: "no message arrived in time, and a ping was not answered")
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
