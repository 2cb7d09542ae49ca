import Logging
import NIOCore
import SidetoneCodecs
import SidetoneDialects
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket

/// One connection's way from messages to its stream. Lives on the connection's event loop.
final class StreamConnection: WebSocketReceiver {
    /// Messages in a row that may be unreadable before the connection is closed.
    static let failureLimit = 100

    private let settings: WebSocketSourceSettings
    private let stream: StreamSettings
    private let outlet: Outlet
    private let naming: StreamNaming
    private let place: StreamPlace
    private var logger: Logger

    private var connection: WebSocketConnection?
    private var dialect: (any Dialect)?
    private var detector: DialectDetector
    private var ingest: StreamIngest?
    private var openedAt = NIODeadline.now()
    private var messages = 0
    private var refused = 0
    private var failuresInARow = 0
    private var isOver = false

    init(
        settings: WebSocketSourceSettings, stream: StreamSettings, outlet: Outlet, naming: StreamNaming,
        place: StreamPlace, headers: [String: String], logger: Logger
    ) {
        self.settings = settings
        self.stream = stream
        self.outlet = outlet
        self.naming = naming
        self.place = place
        self.logger = logger
        detector = DialectDetector(headers: headers)
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        openedAt = .now()
        place.status.add(self, connection.eventLoop)
        if let type = DialectCatalog.named(settings.dialect) { speak(type) }
    }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        guard !isOver else { return }
        messages += 1
        if dialect == nil {
            guard let type = detector.offer(message) else {
                if detector.isExhausted { fail("No dialect recognised", code: 1_003) }
                return
            }
            logger.notice("Dialect recognised", metadata: ["dialect": "\(type.name)"])
            speak(type)
            for message in detector.opening.messages { read(message, readAt) }
            detector = DialectDetector()
        } else {
            read(message, readAt)
        }
        place.status.record(latency: (NIODeadline.now() - readAt).nanoseconds)
    }

    func ended(_ end: WebSocketEnd) {
        finish(reason(of: end))
    }

    /// Ends the stream from this side.
    func cut() {
        finish(.shutdown)
        connection?.close(code: 1_001)
    }

    private func speak(_ type: any Dialect.Type) {
        guard let connection else { return }
        dialect = type.init()
        ingest = StreamIngest(
            dialect: type.name, settings: stream, outlet: outlet, naming: naming,
            executor: connection.eventLoop.executor, logger: logger)
    }

    private func read(_ message: WireMessage, _ readAt: NIODeadline) {
        guard let ingest else { return }
        if outlet.kinds.contains(.messages) {
            let arrival = max(0, Double((readAt - openedAt).nanoseconds) / 1e9)
            ingest.assumeIsolated { $0.capture(CapturedMessage(message: message, arrival: arrival)) }
        }
        do {
            var failure: (any Error)?
            try dialect?.read(message) { event in
                do { try accept(event, ingest) } catch { failure = error }
            }
            if let failure { throw failure }
            failuresInARow = 0
        } catch let error as DialectError {
            note(error, ingest)
        } catch {
            logger.warning("Stream cannot be measured", metadata: ["error": "\(error)"])
            fail("Stream refused", code: 1_003)
        }
    }

    private func accept(_ event: StreamEvent, _ ingest: StreamIngest) throws {
        switch event {
        case .reply(let message): connection?.send(message)
        case .start(var start):
            if start.format.encoding == .l16, settings.l16ByteOrder == "big" { start.format.encoding = .l16BigEndian }
            logger[metadataKey: "call.id"] = "\(start.callID.prefix(128))"
            logger[metadataKey: "stream.id"] = "\(start.streamID.prefix(128))"
            try ingest.assumeIsolated { try $0.accept(.start(start)) }
        case .stop:
            finish(.stop)
            connection?.close()
        default: try ingest.assumeIsolated { try $0.accept(event) }
        }
    }

    private func note(_ error: DialectError, _ ingest: StreamIngest) {
        refused += 1
        failuresInARow += 1
        ingest.assumeIsolated { $0.refuse() }
        // The first of a kind is told; a stream of them is counted.
        if failuresInARow == 1 { logger.warning("Message refused", metadata: ["error": "\(error)"]) }
        if error.code == .unsupportedEncoding { fail("Encoding not supported", code: 1_003) }
        if failuresInARow >= Self.failureLimit { fail("Too many unreadable messages", code: 1_008) }
    }

    private func fail(_ reason: String, code: Int) {
        logger.warning("\(reason)", metadata: ["code": "\(code)"])
        finish(.violation)
        connection?.close(code: code)
    }

    private func finish(_ reason: EndReason) {
        guard !isOver else { return }
        isOver = true
        ingest?.assumeIsolated { $0.end(reason) }
        place.status.remove(self)
        place.leave(messages: messages, refused: refused)
    }

    private func reason(of end: WebSocketEnd) -> EndReason {
        switch end {
        case .closed: .closed
        case .reset: .reset
        case .timeout: .timeout
        case .violation: .violation
        case .local: .closed
        }
    }
}
