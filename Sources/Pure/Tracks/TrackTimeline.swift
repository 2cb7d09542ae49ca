public import SidetoneCodecs
public import SidetoneModel

/// Puts the packets of one track in their places: a jitter buffer that waits for packets, never for time.
///
/// The platform's timestamps place a packet; its numbers tell order and repetition; arrival time plays no part. So the
/// same messages give the same track, live or from a capture. A packet that fits goes straight through. One that is
/// ahead waits until what is missing has come, or until `reorder_packets` wait; then the gap is concealed, once.
public struct TrackTimeline {
    /// Timestamps that deviate by no more than this from the sample count are taken to agree with it, in milliseconds:
    /// platforms round them, and some let them wander by a few.
    static let toleranceMs = 10
    /// A first packet later than this on the platform's clock starts the clock itself, in milliseconds.
    static let maxLeadMs: Int64 = 60_000
    /// Timestamps beyond, about 30,000 years either way, read as this.
    static let timestampLimitMs: Int64 = 1_000_000_000_000_000
    /// Numbers kept to recognise a packet that comes again.
    static let memory = 128
    /// This many packets in a row from the past mean that the platform's clock was set back, or lags.
    static let setBackAfter = 50

    /// What the timeline gives, in order and without holes.
    public enum Output {
        /// Samples from the place `first` on; the array is used again, keep a copy.
        case samples(first: Int64, [Int16])
        /// Told before its concealed samples.
        case gap(Gap)
    }

    public private(set) var counters = TrackCounters()
    /// The place of the next sample: the track's length so far.
    public private(set) var next: Int64 = 0

    private let settings: TimelineSettings
    private let sampleRate: Int64
    private var codec: any AudioCodec
    private var concealment: Concealment
    private var decoded: [Int16] = []

    /// The platform's timestamp that is the call clock's zero, in milliseconds.
    private var originMs: Int64
    private var isAnchored = false
    private var lastChunk: Int64?
    /// The highest number in the track.
    private var lastSequence = Int64.min
    /// Packets in a row that stand before the end of those that came ahead of them, and by how many samples at least.
    private var overlapping = (packets: 0, samples: Int64.max)
    /// Whether chunks have counted this track's packets alone so far.
    private var chunksArePerTrack = true
    private var seen: [Mark]
    private var held: [MediaPacket] = []
    private var fromThePast = 0

    /// - Parameters:
    ///   - originMs: the platform's timestamp that is the call clock's zero; see `origin(firstTimestampMs:)`.
    public init(settings: TimelineSettings, codec: any AudioCodec, sampleRate: Int, originMs: Int64) {
        self.settings = settings
        self.codec = codec
        self.sampleRate = Int64(sampleRate)
        self.originMs = min(max(originMs, -Self.timestampLimitMs), Self.timestampLimitMs)
        concealment = Concealment(sampleRate: sampleRate)
        seen = [Mark](repeating: Mark(), count: Self.memory)
        held.reserveCapacity(settings.reorderPackets + 1)
    }

    /// The call clock's zero on the platform's clock, from the first timestamp of the stream, whichever its track.
    ///
    /// Platforms count from the stream's start, so that zero is 0; a clock that shows more than a minute at the first
    /// packet counts from something else, and its zero is that packet.
    public static func origin(firstTimestampMs: Int64?) -> Int64 {
        guard let first = firstTimestampMs, first > maxLeadMs else { return 0 }
        return first
    }

    // MARK: Packets

    /// One past the last sample of a packet that is about to be accepted, as its timestamp has it.
    public func end(of packet: MediaPacket) -> Int64 {
        place(of: packet) + Int64(codec.sampleCount(of: packet.payload))
    }

    /// Takes the next packet as it came.
    public mutating func accept(_ packet: MediaPacket, _ emit: (Output) -> Void) {
        guard !isRepeated(packet) else {
            counters.duplicates += 1
            return
        }
        guard codec.sampleCount(of: packet.payload) > 0 else {
            counters.oddBytes += packet.payload.count
            return
        }
        switch verdict(on: packet) {
        case .fits:
            if !held.isEmpty { counters.reordered += 1 }
            release(packet, emit)
            releaseHeld(emit)
        case .ahead(let cause):
            conceal(until: place(of: packet), cause: cause, emit)
            release(packet, emit)
            releaseHeld(emit)
        case .early:
            hold(packet)
            if held.count > settings.reorderPackets { giveUpWaiting(emit) }
        case .past:
            fromThePast += 1
            // A clock that was set back would otherwise silence the track for good.
            guard fromThePast < Self.setBackAfter else { return startClock(with: packet, emit) }
            counters.late += 1
        case .newClock:
            startClock(with: packet, emit)
        }
    }

    /// The stream is over: gives what still waits, the gaps between concealed.
    public mutating func finish(_ emit: (Output) -> Void) {
        while !held.isEmpty { giveUpWaiting(emit) }
    }

    private enum Verdict {
        case fits
        /// Further on, and nothing can come between.
        case ahead(Gap.Cause)
        /// Further on; what is between may still come.
        case early
        case past
        case newClock
    }

    private func verdict(on packet: MediaPacket) -> Verdict {
        guard packet.timestampMs != nil else { return .fits }
        let isNextChunk = packet.chunk.map { $0 == (lastChunk ?? 0) &+ 1 } ?? false
        let deviation = place(of: packet) - next
        let limit = Int64(settings.maxGapS) * sampleRate
        let count = Int64(codec.sampleCount(of: packet.payload))
        let tolerance = max(min(count / 2, sampleRate * Int64(Self.toleranceMs) / 1_000), sampleRate * 2 / 1_000)
        guard isAnchored else {
            if deviation > limit { return .newClock }
            guard isNextChunk || packet.chunk == nil else { return .early }
            return deviation > 0 ? .ahead(.notSent) : .fits
        }
        if isNextChunk {
            if deviation > limit || deviation < -sampleRate { return .newClock }
            return deviation > tolerance ? .ahead(.notSent) : .fits
        }
        if abs(deviation) <= tolerance {
            // So small that the timestamp cannot tell it from its neighbour: only the number can.
            return count <= tolerance && chunksArePerTrack && packet.chunk != nil ? byNumber(packet) : .fits
        }
        if deviation > limit { return .newClock }
        if deviation > 0 { return .early }
        // What was numbered after all that came cannot be late: the clock lags behind the samples, or was set back.
        guard let sequence = packet.sequence, sequence > lastSequence else { return .past }
        return deviation < -sampleRate ? .newClock : .fits
    }

    private func byNumber(_ packet: MediaPacket) -> Verdict {
        guard let chunk = packet.chunk, let lastChunk else { return .fits }
        return chunk > lastChunk ? .early : .past
    }

    // MARK: Order

    /// What tells a packet from the others: both, because a platform may count from the start again.
    private struct Mark: Equatable {
        var number = Int64.min
        var timestampMs = Int64.min
    }

    private mutating func isRepeated(_ packet: MediaPacket) -> Bool {
        guard let number = packet.sequence ?? packet.chunk else { return false }
        let slot = Int(UInt64(bitPattern: number) % UInt64(Self.memory))
        let mark = Mark(number: number, timestampMs: packet.timestampMs ?? .min)
        guard seen[slot] != mark else { return true }
        seen[slot] = mark
        return false
    }

    private mutating func hold(_ packet: MediaPacket) {
        let place = place(of: packet)
        let later = held.firstIndex { other in
            let otherPlace = self.place(of: other)
            if otherPlace != place { return otherPlace > place }
            return (other.sequence ?? other.chunk ?? 0) > (packet.sequence ?? packet.chunk ?? 0)
        }
        if later != nil { counters.reordered += 1 }
        held.insert(packet, at: later ?? held.count)
    }

    private mutating func releaseHeld(_ emit: (Output) -> Void) {
        while let first = held.first {
            switch verdict(on: first) {
            case .fits:
                release(held.removeFirst(), emit)
            case .ahead(let cause):
                conceal(until: place(of: first), cause: cause, emit)
                release(held.removeFirst(), emit)
            case .past:
                counters.late += 1
                held.removeFirst()
            case .early, .newClock: return
            }
        }
    }

    /// What is missing did not come: its place is concealed, and the first packet that waits takes its own.
    private mutating func giveUpWaiting(_ emit: (Output) -> Void) {
        guard !held.isEmpty else { return }
        let packet = held.removeFirst()
        let place = place(of: packet)
        if place > next { conceal(until: place, cause: isAnchored ? .lost : .notSent, emit) }
        release(packet, emit)
        releaseHeld(emit)
    }

    // MARK: Samples

    private func place(of packet: MediaPacket) -> Int64 {
        guard let timestampMs = packet.timestampMs else { return next }
        let offset = clamped(timestampMs) - originMs
        // Whole seconds first: the product of a hostile timestamp and the rate would not fit.
        return offset / 1_000 * sampleRate + offset % 1_000 * sampleRate / 1_000
    }

    /// From this packet on, the platform's clock counts from elsewhere; its samples follow those that came.
    private mutating func startClock(with packet: MediaPacket, _ emit: (Output) -> Void) {
        // What waits belongs to the old clock.
        finish(emit)
        counters.jumps += 1
        if let timestampMs = packet.timestampMs { originMs = clamped(timestampMs) - next * 1_000 / sampleRate }
        release(packet, emit)
    }

    private func clamped(_ timestampMs: Int64) -> Int64 {
        min(max(timestampMs, -Self.timestampLimitMs), Self.timestampLimitMs)
    }

    private mutating func release(_ packet: MediaPacket, _ emit: (Output) -> Void) {
        if let chunk = packet.chunk {
            if let lastChunk, chunk > lastChunk &+ 1, counters.gaps == 0 {
                chunksArePerTrack = false
            }
            lastChunk = max(chunk, lastChunk ?? chunk)
        }
        if let sequence = packet.sequence { lastSequence = max(sequence, lastSequence) }
        isAnchored = true
        fromThePast = 0
        decoded.removeAll(keepingCapacity: true)
        counters.oddBytes += codec.decode(packet.payload, into: &decoded)
        counters.packets += 1
        cutSurplus(before: place(of: packet))
        concealment.note(decoded)
        give(emit)
    }

    /// A platform whose clock runs slower than its samples would push the track ahead of the call clock: once packets have
    /// stood early for a while, what is too much is cut off. Timestamps that only wander do not stay early.
    private mutating func cutSurplus(before place: Int64) {
        let surplus = next - place
        guard surplus > sampleRate * Int64(Self.toleranceMs) / 1_000 else {
            overlapping = (0, .max)
            return
        }
        overlapping = (overlapping.packets + 1, min(overlapping.samples, surplus))
        guard overlapping.packets >= Self.setBackAfter else { return }
        let cut = min(Int(overlapping.samples), decoded.count)
        decoded.removeFirst(cut)
        counters.surplusSamples += Int64(cut)
        overlapping = (0, .max)
    }

    private mutating func conceal(until place: Int64, cause: Gap.Cause, _ emit: (Output) -> Void) {
        let gap = Gap(first: next, count: place - next, cause: cause)
        // Before a track's first packet nothing was lost: the track had not begun.
        if isAnchored {
            counters.gaps += 1
            counters.concealedSamples += gap.count
            emit(.gap(gap))
        }
        var left = gap.count
        while left > 0 {
            // In pieces, so that a long gap needs no more memory than a short one.
            let piece = min(left, 1_600)
            decoded.removeAll(keepingCapacity: true)
            if !codec.conceal(Int(piece), into: &decoded) { concealment.fill(Int(piece), into: &decoded) }
            give(emit)
            left -= piece
        }
    }

    private mutating func give(_ emit: (Output) -> Void) {
        emit(.samples(first: next, decoded))
        next += Int64(decoded.count)
    }
}
