package import Logging
import SidetoneCodecs
package import SidetoneModel
package import SidetonePlatforms

/// Decodes the messages of one stream with its dialect and passes them to its ingest: live and from a capture alike.
///
/// Runs on the stream's executor.
package final class StreamDecoder {
    /// The maximum number of consecutive unreadable messages before the stream is abandoned.
    static let failureLimit = 100
    /// The maximum time from the first message to the stream's start, in seconds.
    package static let startDeadline = 10.0
    /// The maximum bytes of messages kept until their dialect is known.
    static let earlyBytesLimit = 256 * 1_024

    /// The next step for the connection.
    package enum Verdict {
        case goOn
        /// The platform said `stop`.
        case stopped
        /// The stream cannot be read any further: the reason, and the corresponding WebSocket close code.
        case broken(String, closeCode: Int)
    }

    /// Settings for reading messages.
    package struct Settings: Sendable {
        /// The dialect's name, or `auto`.
        package var dialect: String
        /// Whether L16 is big-endian.
        package var l16BigEndian: Bool
        /// The dialects' own settings, by name of the dialect.
        package var dialects: [String: DialectSettings]

        package init(dialect: String, l16BigEndian: Bool, dialects: [String: DialectSettings] = [:]) {
            self.dialect = dialect
            self.l16BigEndian = l16BigEndian
            self.dialects = dialects
        }
    }

    private let settings: Settings
    private let admits: (StreamStart) -> Bool
    private let makeIngest: (_ dialect: String, _ segment: Int) -> StreamIngest
    private let reply: (WireMessage) -> Void
    private var logger: Logger
    private var dialect: (any Dialect)?
    private var platform: (any Platform.Type)?
    private var detector: DialectDetector
    private var ingest: StreamIngest?
    /// Earlier streams of the socket of which not everything is emitted yet.
    private var ending: [StreamIngest] = []
    private var early: [CapturedMessage] = []
    private var earlyBytes = 0
    /// The number of streams on the socket so far.
    private var segment = 1
    /// The arrival time of the first message, in seconds; nil once a stream has started.
    private var waitingSince: Double?
    private var hasStarted = false
    private var failuresInARow = 0
    private var hasStopped = false
    /// Messages received, and those of them that could not be read.
    package private(set) var messages = 0
    package private(set) var refused = 0
    /// Media packets in the messages.
    package private(set) var packets = 0
    /// The number of refused messages of a stream that are logged individually; the rest are counted.
    static let loggedRefusals = 5
    private var refusalsLogged = 0
    /// The reason for the latest refusal.
    package private(set) var lastRefusal: DialectError.Code?
    private var firstRefusal: DialectError?

    /// The problem with the messages so far: the first unreadable one, or why no dialect was recognised.
    package var problem: String? {
        if let firstRefusal { return "\(firstRefusal)" }
        return dialect == nil && messages > 0 ? detector.problem : nil
    }

    /// - Parameters:
    ///   - opening: the upgrade request, as far as it is known.
    ///   - admits: whether the peer's credentials cover a stream that starts; asked before anything is kept of it.
    ///   - makeIngest: makes a stream's ingestion, given the dialect's name and which of the socket's streams it is,
    ///     from 1.
    ///   - reply: sends a reply to the platform.
    package init(
        settings: Settings, opening: Opening, logger: Logger,
        admits: @escaping (StreamStart) -> Bool = { _ in true },
        makeIngest: @escaping (_ dialect: String, _ segment: Int) -> StreamIngest,
        reply: @escaping (WireMessage) -> Void
    ) {
        self.settings = settings
        self.admits = admits
        self.makeIngest = makeIngest
        self.reply = reply
        self.logger = logger
        detector = DialectDetector(opening: opening)
        if let type = PlatformCatalog.named(settings.dialect) { speak(type) }
    }

    /// Processes the next message.
    package func receive(_ message: WireMessage, arrival: Double) -> Verdict {
        messages += 1
        // In whole microseconds, as a capture keeps it: live and offline then place the same packets alike.
        let arrival = (arrival * 1e6).rounded() / 1e6
        if waitingSince == nil, !hasStarted { waitingSince = arrival }
        if let why = overdue(now: arrival) { return .broken(why, closeCode: 1_008) }
        guard dialect == nil else { return read(CapturedMessage(message: message, arrival: arrival)) }
        earlyBytes += message.bytes.count + StreamIngest.pendingOverhead
        guard earlyBytes <= Self.earlyBytesLimit else {
            return .broken("\(earlyBytes) bytes arrived before any dialect was recognised", closeCode: 1_009)
        }
        early.append(CapturedMessage(message: message, arrival: arrival))
        guard let type = detector.offer(message) else {
            return detector.isExhausted
                ? .broken(detector.problem, closeCode: 1_003) : .goOn
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

    /// Checks deadlines in the absence of messages.
    ///
    /// - Returns: the latest time of the next check; nil before the stream's start, and once it has ended.
    package func tick(now: Double) -> Double? { ingest?.assumeIsolated { $0.tick(now: now) } }

    /// The reason to abandon the stream because it did not start; nil before the deadline, and once it has started.
    package func overdue(now: Double) -> String? {
        guard !hasStarted, let waitingSince, now - waitingSince >= Self.startDeadline else { return nil }
        return "no start message within \(Int(Self.startDeadline)) s of the first message"
    }

    /// The stream is over, and everything of it is emitted at once. Safe to call more than once: the first reason stands.
    ///
    /// - Returns: the summary; nil when the stream never started.
    @discardableResult
    package func end(_ reason: EndReason) -> StreamSummary? {
        while let next = ending.popLast() { next.assumeIsolated { while $0.continueEnd() {} } }
        let reason = announced(reason)
        return ingest?.assumeIsolated { $0.end(reason) }
    }

    /// The stream is over; what a long gap leaves to emit is up to `continueEnd`.
    package func beginEnd(_ reason: EndReason) {
        let reason = announced(reason)
        ingest?.assumeIsolated { $0.beginEnd(reason) }
    }

    /// Some platforms end a stream by closing, and say nothing before.
    private func announced(_ reason: EndReason) -> EndReason {
        reason == .closed && platform?.profile.end == .close ? .stop : reason
    }

    /// Emits the next part of what streams that are over have left.
    ///
    /// - Returns: whether there is more.
    package func continueEnd() -> Bool {
        if let next = ending.first {
            if next.assumeIsolated({ !$0.continueEnd() }) { ending.removeFirst() }
            return true
        }
        return ingest?.assumeIsolated { $0.continueEnd() } ?? false
    }

    /// Whether there is more to emit than messages bring: of a long gap, or of a stream that is over.
    package var isFilling: Bool { !ending.isEmpty || ingest?.assumeIsolated { $0.isFilling } ?? false }

    /// Sends what the platform expects before the receiver ends the stream.
    package func farewell(_ reason: EndReason) { dialect?.farewell(reason) { reply($0) } }

    /// The position of the stream's media, in seconds on the call clock.
    package var mediaSeconds: Double { ingest?.assumeIsolated { $0.mediaSeconds } ?? 0 }

    /// The call's ID, once its stream has started.
    package var callID: String? { ingest?.assumeIsolated { $0.info?.start.callID } }

    private func speak(_ type: any Platform.Type) {
        dialect = type.init(opening: detector.opening, settings: settings.dialects[type.name] ?? DialectSettings())
        platform = type
        ingest = makeIngest(type.name, segment)
    }

    private func read(_ message: CapturedMessage) -> Verdict {
        guard let ingest else { return .goOn }
        // A start may open the next stream of the socket, to whose capture it belongs.
        let mayStart = ingest.keepsMessages && Self.mayStart(message.message)
        if ingest.keepsMessages, !mayStart { ingest.assumeIsolated { $0.capture(message) } }
        defer { if mayStart { self.ingest?.assumeIsolated { $0.capture(message) } } }
        do {
            var failure: (any Error)?
            var events = 0
            try dialect?.read(message.message, arrival: .microseconds(Int64(message.arrival * 1e6 + 0.5))) { event in
                events += 1
                do { try accept(event, arrival: message.arrival) } catch { failure = error }
            }
            if failure is NotAdmitted {
                return .broken("the call token was issued for another call", closeCode: 1_008)
            }
            if let failure { return .broken("\(failure)", closeCode: 1_003) }
            // An event checks the clock itself.
            if events == 0 { _ = self.ingest?.assumeIsolated { $0.tick(now: message.arrival) } }
            failuresInARow = 0
            return hasStopped ? .stopped : .goOn
        } catch {
            return record(error, ingest: ingest)
        }
    }

    private struct NotAdmitted: Error {}

    private func accept(_ event: StreamEvent, arrival: Double) throws {
        switch event {
        case .media:
            packets += 1
            try ingest?.assumeIsolated { try $0.accept(event, arrival: arrival) }
        case .reply(let message): reply(message)
        case .start(let start): try begin(start, arrival: arrival)
        case .stop:
            hasStopped = true
            try ingest?.assumeIsolated { try $0.accept(event, arrival: arrival) }
        default: try ingest?.assumeIsolated { try $0.accept(event, arrival: arrival) }
        }
    }

    /// Starts the stream, or the next one of the same socket.
    private func begin(_ start: StreamStart, arrival: Double) throws {
        guard admits(start) else { throw NotAdmitted() }
        var start = start
        if start.format.encoding == .l16, settings.l16BigEndian { start.format.encoding = .l16BigEndian }
        logger[metadataKey: "call.id"] = "\(start.callID.prefix(128))"
        if hasStarted {
            segment += 1
            let segment = segment
            ingest?.assumeIsolated { ended in
                ended.log("stream.restarted", values: [.init("segment", .integer(Int64(segment)))])
                ended.beginEnd(.restarted)
            }
            if let ingest, ingest.assumeIsolated({ $0.isFilling }) { ending.append(ingest) }
            ingest = makeIngest(platform?.name ?? "", segment)
        }
        hasStarted = true
        waitingSince = nil
        try ingest?.assumeIsolated { try $0.accept(.start(start), arrival: arrival) }
    }

    /// Whether a message may be a start, judged by its first bytes.
    private static func mayStart(_ message: WireMessage) -> Bool {
        let word = Array("start".utf8)
        let head = message.bytes.prefix(256)
        guard head.count >= word.count else { return false }
        return head.indices.dropLast(word.count - 1).contains { head[$0...].starts(with: word) }
    }

    private func record(_ error: DialectError, ingest: StreamIngest) -> Verdict {
        refused += 1
        lastRefusal = error.code
        if firstRefusal == nil { firstRefusal = error }
        failuresInARow += 1
        // The first of consecutive failures is logged; the rest are counted.
        let reason = failuresInARow == 1 ? "\(error)" : nil
        ingest.assumeIsolated { $0.refuse(reason) }
        if failuresInARow == 1, refusalsLogged < Self.loggedRefusals {
            refusalsLogged += 1
            logger.warning("Message refused", metadata: ["error": "\(error)"])
        }
        // RFC 6455 §7.4.1: 1003 for data that cannot be accepted, 1007 for invalid data.
        if error.code == .unsupportedEncoding { return .broken("\(error)", closeCode: 1_003) }
        if error.isOfStart, callID == nil { return .broken("\(error)", closeCode: 1_007) }
        guard failuresInARow < Self.failureLimit else {
            return .broken("\(failuresInARow) consecutive messages could not be read", closeCode: 1_008)
        }
        return .goOn
    }
}
