public import Logging
import SidetoneCodecs
public import SidetoneDialects
public import SidetoneModel

/// Carries the messages of one stream through its dialect to its ingestion: the same way live and from a capture.
///
/// Lives where its stream's executor runs.
public final class MessageIngest {
    /// Messages in a row that may be unreadable before the stream is given up.
    static let failureLimit = 100

    /// What the carrier of the messages has to do next.
    public enum Verdict {
        case goOn
        /// The platform said `stop`.
        case stopped
        /// The stream cannot be read any further: why, and the WebSocket close code that says it.
        case broken(String, closeCode: Int)
    }

    /// How messages are read.
    public struct Settings: Sendable {
        /// The dialect's name, or `auto`.
        public var dialect: String
        /// Whether L16 is big-endian.
        public var l16BigEndian: Bool

        public init(dialect: String, l16BigEndian: Bool) {
            self.dialect = dialect
            self.l16BigEndian = l16BigEndian
        }
    }

    private let settings: Settings
    private let makeIngest: (String) -> StreamIngest
    private let reply: (WireMessage) -> Void
    private var logger: Logger
    private var dialect: (any Dialect)?
    private var detector: DialectDetector
    private var ingest: StreamIngest?
    private var early: [CapturedMessage] = []
    private var failuresInARow = 0
    private var hasStopped = false
    /// Messages that came, and those of them that could not be read.
    public private(set) var messages = 0
    public private(set) var refused = 0
    /// Why the last of those could not be read.
    public private(set) var lastRefusal: DialectError.Code?

    /// - Parameters:
    ///   - headers: of the upgrade request, names in lower case.
    ///   - makeIngest: makes the stream's ingestion, given the dialect's name.
    ///   - reply: sends an answer to the platform.
    public init(
        settings: Settings, headers: [String: String], logger: Logger,
        makeIngest: @escaping (String) -> StreamIngest, reply: @escaping (WireMessage) -> Void
    ) {
        self.settings = settings
        self.makeIngest = makeIngest
        self.reply = reply
        self.logger = logger
        detector = DialectDetector(headers: headers)
        if let type = DialectCatalog.named(settings.dialect) { speak(type) }
    }

    /// Takes the next message.
    public func receive(_ message: WireMessage, arrival: Double) -> Verdict {
        messages += 1
        guard dialect == nil else { return read(CapturedMessage(message: message, arrival: arrival)) }
        early.append(CapturedMessage(message: message, arrival: arrival))
        guard let type = detector.offer(message) else {
            return detector.isExhausted
                ? .broken("none of the dialects \(names) is spoken here", closeCode: 1_003) : .goOn
        }
        logger.notice("Dialect recognised", metadata: ["dialect": "\(type.name)"])
        speak(type)
        let first = early
        early = []
        for message in first {
            let verdict = read(message)
            guard case .goOn = verdict else { return verdict }
        }
        return .goOn
    }

    /// Looks at the clock, where no message comes that would.
    ///
    /// - Returns: when to look again at the latest; nil before the stream's start, and once it is over.
    public func tick(now: Double) -> Double? { ingest?.assumeIsolated { $0.tick(now: now) } }

    /// The stream is over. Safe to call more than once: the first reason stands.
    ///
    /// - Returns: the summary; nil when the stream never started.
    @discardableResult
    public func end(_ reason: EndReason) -> StreamSummary? { ingest?.assumeIsolated { $0.end(reason) } }

    /// The call's id, once its stream has started.
    public var callID: String? { ingest?.assumeIsolated { $0.info?.start.callID } }

    private var names: String { DialectCatalog.all.map { $0.name }.joined(separator: ", ") }

    private func speak(_ type: any Dialect.Type) {
        dialect = type.init()
        ingest = makeIngest(type.name)
    }

    private func read(_ message: CapturedMessage) -> Verdict {
        guard let ingest else { return .goOn }
        if ingest.keepsMessages { ingest.assumeIsolated { $0.capture(message) } }
        do {
            var failure: (any Error)?
            var events = 0
            try dialect?.read(message.message) { event in
                events += 1
                do { try accept(event, message.arrival, ingest) } catch { failure = error }
            }
            if let failure { return .broken("\(failure)", closeCode: 1_003) }
            // An event looks at the clock itself.
            if events == 0 { _ = ingest.assumeIsolated { $0.tick(now: message.arrival) } }
            failuresInARow = 0
            return hasStopped ? .stopped : .goOn
        } catch {
            return note(error, ingest)
        }
    }

    private func accept(_ event: StreamEvent, _ arrival: Double, _ ingest: StreamIngest) throws {
        switch event {
        case .reply(let message): reply(message)
        case .start(var start):
            if start.format.encoding == .l16, settings.l16BigEndian { start.format.encoding = .l16BigEndian }
            logger[metadataKey: "call.id"] = "\(start.callID.prefix(128))"
            try ingest.assumeIsolated { try $0.accept(.start(start), arrival: arrival) }
        case .stop:
            hasStopped = true
            try ingest.assumeIsolated { try $0.accept(event, arrival: arrival) }
        default: try ingest.assumeIsolated { try $0.accept(event, arrival: arrival) }
        }
    }

    private func note(_ error: DialectError, _ ingest: StreamIngest) -> Verdict {
        refused += 1
        lastRefusal = error.code
        failuresInARow += 1
        // The first of a row is told; the rest are counted.
        let told = failuresInARow == 1 ? "\(error)" : nil
        ingest.assumeIsolated { $0.refuse(told) }
        if failuresInARow == 1 { logger.warning("Message refused", metadata: ["error": "\(error)"]) }
        if error.code == .unsupportedEncoding { return .broken("\(error)", closeCode: 1_003) }
        guard failuresInARow < Self.failureLimit else {
            return .broken("\(failuresInARow) messages in a row could not be read", closeCode: 1_008)
        }
        return .goOn
    }
}
