package import SidetoneCallControl
import SidetoneCodecs
import SidetoneModel
package import SidetonePlatforms

/// Changes the messages of one stream as a plan says: messages go in, in their order, and come out with their faults.
///
/// Works on whole messages of any dialect: what is dropped leaves its numbers missing, as a network would.
package struct FaultedMessages: Sendable {
    /// Media messages that come before `start`, where they do.
    package static let earlyMessages = 5

    package private(set) var counts = FaultCounts()
    /// The connection is to be cut without a word at this time; nothing follows.
    package private(set) var cut: Double?

    private let plan: FaultPlan
    private let platform: any Dialect.Type
    private var random: SplitMix64
    /// Tells what a message means.
    private var reader: any Dialect
    /// What is sent after the next media message of its track, by `TrackRole.index`.
    private var overtaken: [[TimedMessage]] = [[], []]
    private var start: TimedMessage?
    private var lastDue = 0.0

    /// - Parameter number: tells the streams of one seed apart.
    package init(plan: FaultPlan, seed: UInt64, number: Int = 0, platform: any Dialect.Type) {
        self.plan = plan
        self.platform = platform
        random = SplitMix64(seed: seed, stream: number)
        reader = platform.init()
    }

    /// Takes the next message as it should be, and hands on what is sent of it and of those before.
    package mutating func process(_ message: TimedMessage, emit: (TimedMessage) -> Void) {
        guard cut == nil else { return }
        var message = message
        if plan.clockDriftPPM != 0 {
            message.due /= 1 + plan.clockDriftPPM * 1e-6
            counts.drifted += 1
        }
        if let at = plan.disconnect, message.due >= at {
            cut = at
            counts.cuts += 1
            return
        }
        switch meaning(of: message) {
        case .start(let start): begin(message, start: start, emit: emit)
        case .media(let packet): media(message, track: packet.track, emit: emit)
        case .stop:
            release(emit)
            if plan.omitsStop { counts.stopsOmitted += 1 } else { send(message, emit: emit) }
        default: send(message, emit: emit)
        }
    }

    /// There is no further message: hands on what is still held back.
    package mutating func finish(_ emit: (TimedMessage) -> Void) {
        guard cut == nil else { return }
        release(emit)
    }

    private mutating func meaning(of message: TimedMessage) -> StreamEvent? {
        var event: StreamEvent?
        do { try reader.read(message.message, arrival: .seconds(message.due)) { event = event ?? $0 } } catch {
            // Not understood here: sent as it is.
            return nil
        }
        return event
    }

    private mutating func begin(_ message: TimedMessage, start: StreamStart, emit: (TimedMessage) -> Void) {
        var message = message
        if plan.announcesWrongCodec, let wrong = announcing(wrongly: start) {
            message.message = wrong
            counts.wrongCodecs += 1
        }
        if plan.sendsMediaBeforeStart { self.start = message } else { send(message, emit: emit) }
    }

    private func announcing(wrongly start: StreamStart) -> WireMessage? {
        var start = start
        start.format.encoding = start.format.encoding == .pcmu ? .pcma : .pcmu
        var writer = platform.init()
        do {
            _ = try writer.messages(for: .connected)
            return try writer.messages(for: .start(start)).first
        } catch { return nil }
    }

    private mutating func media(_ message: TimedMessage, track: TrackRole, emit: (TimedMessage) -> Void) {
        // Every message draws all its numbers, so that one fault more changes nothing of the others.
        let (drops, overtakes) = (random.fraction() < plan.drop, random.fraction() < plan.reorder)
        let (doubles, delay) = (random.fraction() < plan.duplicate, random.fraction() * plan.jitter)
        guard !drops else {
            counts.dropped += 1
            return
        }
        var message = message
        message.due += delay
        if delay > 0 { counts.jittered += 1 }
        let copies = [TimedMessage](repeating: message, count: doubles ? 2 : 1)
        if doubles { counts.duplicated += 1 }
        guard !overtakes || !overtaken[track.index].isEmpty else {
            overtaken[track.index] = copies
            return
        }
        for copy in copies { send(copy, emit: emit) }
        if start != nil {
            counts.early += copies.count
            if counts.early >= Self.earlyMessages { releaseStart(emit) }
        }
        guard !overtaken[track.index].isEmpty else { return }
        counts.reordered += 1
        for copy in overtaken[track.index] { send(copy, emit: emit) }
        overtaken[track.index] = []
    }

    private mutating func releaseStart(_ emit: (TimedMessage) -> Void) {
        guard let message = start else { return }
        start = nil
        send(message, emit: emit)
    }

    private mutating func release(_ emit: (TimedMessage) -> Void) {
        releaseStart(emit)
        for index in overtaken.indices {
            for copy in overtaken[index] { send(copy, emit: emit) }
            overtaken[index] = []
        }
    }

    private mutating func send(_ message: TimedMessage, emit: (TimedMessage) -> Void) {
        var message = message
        for stall in plan.stalls where (stall.at..<stall.at + stall.lasts).contains(message.due) {
            message.due = stall.at + stall.lasts
            counts.stalled += 1
        }
        // One socket: what waits holds up what is behind it.
        message.due = max(message.due, lastDue)
        lastDue = message.due
        emit(message)
    }
}
