package import SidetoneCallControl
import SidetoneCodecs
import SidetoneModel
package import SidetonePlatforms

/// Applies a fault plan to the messages of one stream, in order. Works on whole messages of any dialect: dropped
/// messages leave gaps in the numbering, as in a network.
package struct FaultedMessages: Sendable {
    /// Media messages to send before `start`, if the plan requests that.
    package static let earlyMessages = 5

    package private(set) var counts = FaultCounts()
    /// The time at which the connection is reset; nothing follows.
    package private(set) var cut: Double?

    private let plan: FaultPlan
    private let platform: any Dialect.Type
    private var random: SplitMix64
    /// Parses messages.
    private var reader: any Dialect
    /// Messages held back until the next media message of their track, by `TrackRole.index`.
    private var overtaken: [[TimedMessage]] = [[], []]
    private var start: TimedMessage?
    private var lastDue = 0.0

    /// - Parameter number: distinguishes the streams of one seed.
    package init(plan: FaultPlan, seed: UInt64, number: Int = 0, platform: any Dialect.Type) {
        self.plan = plan
        self.platform = platform
        random = SplitMix64(seed: seed, stream: number)
        reader = platform.init()
    }

    /// Processes the next message, and emits the messages that are to be sent.
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

    /// Ends the stream: emits the messages still held back.
    package mutating func finish(_ emit: (TimedMessage) -> Void) {
        guard cut == nil else { return }
        release(emit)
    }

    private mutating func meaning(of message: TimedMessage) -> StreamEvent? {
        var event: StreamEvent?
        do { try reader.read(message.message, arrival: .seconds(message.due)) { event = event ?? $0 } } catch {
            // Not parsed: sent unchanged.
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
        // Every message draws all its random numbers, so that adding a fault does not change the others.
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
        // One socket: a delayed message delays those behind it.
        message.due = max(message.due, lastDue)
        lastDue = message.due
        emit(message)
    }
}
