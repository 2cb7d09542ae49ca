public import SidetoneCodecs
public import SidetoneModel

/// Puts the packets of one track in order and at their positions: a jitter buffer that waits for packets, never for
/// time.
///
/// The platform's timestamps determine a packet's position; its numbers reveal order and repetition. Arrival time is
/// used only to recognise a long jump as a pause. The same messages therefore give the same track, live or from a
/// capture.
///
/// - A packet at the expected position passes straight through. An early one waits until the missing packets arrive or
///   until `reorder_packets` are held; then the gap is concealed, once.
/// - A timestamp jump is believed when a second packet agrees, of this track or of the other one. It is then the end of
///   a pause or, where the call clock shows that no time passed, a reset of the platform's clock. A timestamp that no
///   other packet supports is wrong: its audio follows the packet before.
/// - A gap of any length costs the work of a few packets: 60 ms are concealed audibly, and the rest is silence, emitted
///   as runs, one slice per call of `accept` or `proceed`. Packets that arrive meanwhile wait, bounded in bytes.
public struct JitterBuffer {
    /// The tolerated deviation of a timestamp from the sample count, in milliseconds: platforms round timestamps, and
    /// some let them drift by a few.
    static let toleranceMs = 10
    /// The number of recent packets remembered to recognise duplicates.
    static let memory = 128
    /// After this many consecutive packets from the past, the platform's clock is considered set back or lagging.
    static let setBackAfter = 50
    /// The maximum payload bytes that may wait, separately for packets out of order and behind a long gap.
    static let waitingBytesLimit = 1 << 20
    /// The bytes charged for a waiting packet besides its payload.
    static let packetOverhead = 128
    /// The longest run of silence emitted at once, in milliseconds.
    package static let sliceMs = 200

    /// The output of the buffer, in order and without holes.
    public enum Output {
        /// Samples from position `first`; the array is reused, so keep a copy.
        case samples(first: Int64, [Int16])
        /// A run of zero samples.
        case silence(first: Int64, count: Int64)
        /// Emitted before its samples, or at its end if the gap was filled while the other track continued.
        case gap(Gap)
        /// The platform's clock was reset; emitted by the track that noticed first.
        case jump(ClockJump)
    }

    /// A waiting packet with its position.
    struct Held {
        var packet: MediaPacket
        var place: Int64
        /// The end of the other track when the packet arrived.
        var otherEnd: Int64
    }

    /// A packet whose timestamp jumps; the next one decides.
    struct Suspect {
        var held: Held
        var cause: Gap.Cause
        /// Whether the time before its arrival matches the jump of its timestamp.
        var followsPause: Bool
    }

    public internal(set) var counters = TrackCounters()
    /// The position of the next sample: the track's length so far.
    public internal(set) var next: Int64 = 0
    /// Samples of a gap still to be emitted as silence.
    public internal(set) var silenceLeft: Int64 = 0

    let settings: TimelineSettings
    let sampleRate: Int64
    let role: TrackRole
    var codec: any AudioCodec
    var concealment: Concealment
    var decoded: [Int16] = []
    /// The epoch of the platform's clock that this track's packets belong to.
    var epoch: MediaClock.Epoch

    var isAnchored = false
    var lastChunk: Int64?
    var lastSequence = Int64.min
    var lastArrival: Double?
    /// The number of consecutive packets that start before the end of the preceding audio, and their minimum overlap in
    /// samples.
    var overlapping = (packets: 0, samples: Int64.max)
    /// Whether chunk numbers have so far counted the packets of this track alone.
    var chunksArePerTrack = true
    var recentMarks: [Mark]
    /// Early packets, ordered by position.
    var held: [Held] = []
    var heldBytes = 0
    var suspect: Suspect?
    var fromThePast = 0
    /// The start of the gap that is being filled while only the other track continues.
    var openGap: Int64?
    /// Packets to release as soon as the silence before them has been emitted.
    var due: [Held] = []
    /// Packets that arrived while silence was still to be emitted.
    var waiting: [(packet: MediaPacket, arrival: Double?)] = []
    var waitingBytes = 0

    public init(
        role: TrackRole, settings: TimelineSettings, codec: any AudioCodec, sampleRate: Int, clock: MediaClock
    ) {
        self.role = role
        self.settings = settings
        self.codec = codec
        self.sampleRate = Int64(sampleRate)
        epoch = clock.epoch
        concealment = Concealment(sampleRate: sampleRate)
        recentMarks = [Mark](repeating: Mark(), count: Self.memory)
        held.reserveCapacity(settings.reorderPackets + 1)
    }

    /// The end position, by its timestamp, of a packet that is about to be accepted.
    public func end(of packet: MediaPacket) -> Int64 {
        position(of: packet) + Int64(codec.sampleCount(of: packet.payload))
    }

    /// Accepts the next packet in order of arrival.
    ///
    /// - Parameter arrival: the arrival time of its message, in seconds on a monotonic clock; nil where it is not
    ///   known.
    public mutating func accept(
        _ packet: MediaPacket, arrival: Double? = nil, clock: inout MediaClock, emit: (Output) -> Void
    ) {
        guard !isRepeated(packet) else {
            counters.duplicates += 1
            return
        }
        guard codec.sampleCount(of: packet.payload) > 0 else {
            counters.oddBytes += packet.payload.count
            return
        }
        if isBusy {
            wait(packet, arrival: arrival)
        } else {
            admit(packet, arrival: arrival, clock: &clock, emit: emit)
        }
        if isBusy { proceed(clock: &clock, emit) }
    }

    /// Whether output is pending besides packets held out of order.
    var isBusy: Bool { silenceLeft > 0 || !due.isEmpty || !waiting.isEmpty }

    /// Emits the next slice of silence and, once all of it is out, the packets waiting behind it.
    public mutating func proceed(clock: inout MediaClock, _ emit: (Output) -> Void) {
        var isSliced = false
        while true {
            if silenceLeft > 0 {
                guard !isSliced else { return }
                isSliced = true
                let count = min(silenceLeft, max(1, sampleRate * Int64(Self.sliceMs) / 1_000))
                silenceLeft -= count
                emitSilence(count, emit: emit)
            } else if !due.isEmpty {
                let first = due.removeFirst()
                release(first.packet, at: first.place, clock: &clock, emit: emit)
            } else if !held.isEmpty, releaseHeld(&clock, emit: emit) {
                continue
            } else if !waiting.isEmpty {
                let first = waiting.removeFirst()
                waitingBytes -= first.packet.payload.count + Self.packetOverhead
                admit(first.packet, arrival: first.arrival, clock: &clock, emit: emit)
            } else {
                return
            }
        }
    }

    /// Declares the track silent up to `target`, because the other track is that far ahead.
    public mutating func advance(to target: Int64, clock: inout MediaClock, _ emit: (Output) -> Void) {
        guard target > next, !isBusy else { return }
        if suspect != nil {
            settleAlone(clock, emit: emit)
        } else if let first = held.first, first.place <= target {
            stopWaiting(&clock, emit: emit)
        } else {
            fill(until: target, emit)
            return
        }
        proceed(clock: &clock, emit)
    }

    // MARK: The end

    /// Whether more is held back than the silence of a pause that lasts until the end.
    public var hasRest: Bool { isBusy || suspect != nil || !held.isEmpty }
    /// Whether only the other track has gone on.
    public var isPaused: Bool { openGap != nil }

    /// The stream is over: emits the next part of what is held back, gaps concealed, at most a slice of silence at a time.
    public mutating func finishNext(clock: inout MediaClock, _ emit: (Output) -> Void) {
        if isBusy {
            proceed(clock: &clock, emit)
        } else if suspect != nil {
            settleAlone(clock, emit: emit)
        } else {
            stopWaiting(&clock, emit: emit)
        }
    }

    /// A pause at the end lasts as long as the call: fills it up to a position that the other track has come to.
    public mutating func fillPause(until end: Int64, _ emit: (Output) -> Void) {
        if openGap != nil, end > next { fill(until: end, emit) }
    }

    /// The stream is over: emits all that is still held back.
    public mutating func finish(clock: inout MediaClock, _ emit: (Output) -> Void) {
        while hasRest { finishNext(clock: &clock, emit) }
        fillPause(until: clock[end: role.other], emit)
        closeGap(.notSent, emit: emit)
    }

    /// Queues a packet behind the silence that is still to be emitted.
    private mutating func wait(_ packet: MediaPacket, arrival: Double?) {
        let bytes = packet.payload.count + Self.packetOverhead
        guard waitingBytes + bytes <= Self.waitingBytesLimit else {
            counters.refused += 1
            return
        }
        waitingBytes += bytes
        waiting.append((packet, arrival))
    }

    private mutating func admit(
        _ packet: MediaPacket, arrival: Double?, clock: inout MediaClock, emit: (Output) -> Void
    ) {
        if epoch.number != clock.epoch.number { adopt(packet, clock: clock) }
        if suspect != nil, settle(with: packet, clock: &clock, emit: emit) {
            // The packets that the suspect waited for come first.
            waiting.insert((packet, arrival), at: 0)
            waitingBytes += packet.payload.count + Self.packetOverhead
            return
        }
        evaluate(packet, arrival: arrival, clock: &clock, emit: emit)
        lastArrival = arrival
    }

    private mutating func evaluate(
        _ packet: MediaPacket, arrival: Double?, clock: inout MediaClock, emit: (Output) -> Void
    ) {
        let place = position(of: packet)
        switch verdict(on: packet, at: place, clock) {
        case .fits:
            if !held.isEmpty { counters.reordered += 1 }
            release(packet, at: place, clock: &clock, emit: emit)
            while !held.isEmpty, !isBusy, releaseHeld(&clock, emit: emit) {}
        case .ahead(let cause):
            conceal(until: place, cause: cause, emit)
            due.append(Held(packet: packet, place: place, otherEnd: 0))
        case .early:
            hold(packet, at: place, clock: clock)
            if held.count > settings.reorderPackets || heldBytes > Self.waitingBytesLimit {
                stopWaiting(&clock, emit: emit)
            }
        case .past:
            fromThePast += 1
            guard fromThePast < Self.setBackAfter else {
                // A clock that was set back would otherwise silence the track for good.
                startClock(with: packet, at: next, clock: &clock, emit: emit)
                return
            }
            counters.late += 1
        case .doubtful:
            doubt(packet, at: place, arrival: arrival, clock: clock)
        }
    }
}
