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
    /// Numbers kept to recognise a packet that comes again.
    static let memory = 1_024
    /// This many packets in a row from the past mean that the platform's clock was set back.
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
    /// Whether chunks have counted this track's packets alone so far.
    private var chunksArePerTrack = true
    private var seen: [Int64]
    private var held: [MediaPacket] = []
    private var gaps: [Range<Int64>] = []
    private var fromThePast = 0

    /// - Parameters:
    ///   - originMs: the platform's timestamp that is the call clock's zero; see `origin(firstTimestampMs:)`.
    public init(settings: TimelineSettings, codec: any AudioCodec, sampleRate: Int, originMs: Int64) {
        self.settings = settings
        self.codec = codec
        self.sampleRate = Int64(sampleRate)
        self.originMs = originMs
        concealment = Concealment(sampleRate: sampleRate)
        seen = [Int64](repeating: -1, count: Self.memory)
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
            counters.late += 1
            fromThePast += 1
            // A clock that was set back would otherwise silence the track for good.
            if fromThePast >= Self.setBackAfter { moveOrigin(to: packet) }
        case .newClock:
            counters.jumps += 1
            moveOrigin(to: packet)
            release(packet, emit)
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
        let isNextChunk = packet.chunk.map { $0 == (lastChunk ?? 0) + 1 } ?? false
        let deviation = place(of: packet) - next
        let limit = Int64(settings.maxGapS) * sampleRate
        let count = Int64(codec.sampleCount(of: packet.payload))
        let tolerance = max(min(count / 2, sampleRate * Int64(Self.toleranceMs) / 1_000), sampleRate * 2 / 1_000)
        guard isAnchored else {
            if isNextChunk || packet.chunk == nil {
                return deviation > limit ? .newClock : deviation > 0 ? .ahead(.notSent) : .fits
            }
            return .early
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
        return deviation > 0 ? .early : .past
    }

    private func byNumber(_ packet: MediaPacket) -> Verdict {
        guard let chunk = packet.chunk, let lastChunk else { return .fits }
        return chunk > lastChunk ? .early : .past
    }

    // MARK: Order

    private mutating func isRepeated(_ packet: MediaPacket) -> Bool {
        guard let number = packet.sequence ?? packet.chunk else { return false }
        let slot = Int(number % Int64(Self.memory))
        guard seen[slot] != number else { return true }
        seen[slot] = number
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
        return (timestampMs - originMs) * sampleRate / 1_000
    }

    private mutating func moveOrigin(to packet: MediaPacket) {
        guard let timestampMs = packet.timestampMs else { return }
        originMs = timestampMs - next * 1_000 / sampleRate
        fromThePast = 0
    }

    private mutating func release(_ packet: MediaPacket, _ emit: (Output) -> Void) {
        if let chunk = packet.chunk {
            if let lastChunk, chunk != lastChunk + 1, chunk > lastChunk, counters.gaps == 0 {
                chunksArePerTrack = false
            }
            lastChunk = max(chunk, lastChunk ?? chunk)
        }
        isAnchored = true
        fromThePast = 0
        decoded.removeAll(keepingCapacity: true)
        counters.oddBytes += codec.decode(packet.payload, into: &decoded)
        counters.packets += 1
        concealment.note(decoded)
        give(emit)
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
            concealment.fill(Int(piece), into: &decoded)
            give(emit)
            left -= piece
        }
    }

    private mutating func give(_ emit: (Output) -> Void) {
        emit(.samples(first: next, decoded))
        next += Int64(decoded.count)
    }
}
