import SidetoneCodecs
import SidetoneModel

// Output: packets, concealment and silence.

extension JitterBuffer {
    /// From this packet on, the platform's clock has a new origin.
    mutating func startClock(
        with packet: MediaPacket, at position: Int64, clock: inout MediaClock, emit: (Output) -> Void
    ) {
        counters.jumps += 1
        fromThePast = 0
        // Held packets belong to the old clock.
        due += held
        held.removeAll(keepingCapacity: true)
        heldBytes = 0
        if let timestampMs = packet.timestampMs {
            let deviation = epoch.position(of: timestampMs) - position
            clock.begin(timestampMs: timestampMs, at: position)
            epoch = clock.epoch
            let jumpMs = deviation / sampleRate * 1_000 + deviation % sampleRate * 1_000 / sampleRate
            emit(.jump(ClockJump(position: position, jumpMs: jumpMs)))
        }
        if position > next { conceal(until: position, cause: .lost, emit) }
        due.append(Held(packet: packet, place: position, otherEnd: 0))
    }

    mutating func release(
        _ packet: MediaPacket, at place: Int64, clock: inout MediaClock, emit: (Output) -> Void
    ) {
        if openGap != nil { closeGap(isNextChunk(packet) ? .notSent : .lost, emit: emit) }
        if let chunk = packet.chunk {
            if let lastChunk, chunk > lastChunk &+ 1, counters.gaps == 0 { chunksArePerTrack = false }
            lastChunk = chunk
        }
        if let sequence = packet.sequence { lastSequence = sequence }
        isAnchored = true
        fromThePast = 0
        decoded.removeAll(keepingCapacity: true)
        counters.oddBytes += codec.decode(packet.payload, into: &decoded)
        counters.packets += 1
        cutSurplus(before: place)
        concealment.record(decoded)
        emitDecoded(emit)
        clock[end: role] = next
    }

    /// A platform whose clock runs slower than its samples would push the track ahead of the call clock: once a number
    /// of consecutive packets were early, the surplus is cut off. Timestamps that merely jitter do not stay early.
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

    // MARK: Gaps

    /// Reports the gap before `place` and fills it: the audible part at once, its silence slice by slice.
    mutating func conceal(until place: Int64, cause: Gap.Cause, _ emit: (Output) -> Void) {
        let first = openGap ?? next
        openGap = nil
        report(Gap(first: first, count: place - first, cause: cause), emit: emit)
        concealAudibly(from: first, until: place, emit)
        silenceLeft = place - next
    }

    /// Fills up to `place` a gap that may continue; it is reported when it ends.
    mutating func fill(until place: Int64, _ emit: (Output) -> Void) {
        let first = openGap ?? next
        openGap = first
        concealAudibly(from: first, until: place, emit)
        if place > next { emitSilence(place - next, emit: emit) }
    }

    mutating func closeGap(_ cause: Gap.Cause, emit: (Output) -> Void) {
        guard let first = openGap else { return }
        openGap = nil
        if next > first { report(Gap(first: first, count: next - first, cause: cause), emit: emit) }
    }

    private mutating func report(_ gap: Gap, emit: (Output) -> Void) {
        // Before a track's first packet nothing was lost: the track had not started.
        guard isAnchored else { return }
        counters.gaps += 1
        counters.concealedSamples += gap.count
        emit(.gap(gap))
    }

    private mutating func concealAudibly(from first: Int64, until place: Int64, _ emit: (Output) -> Void) {
        guard isAnchored else { return }
        let end = min(place, first + sampleRate * Int64(Concealment.audibleMs) / 1_000)
        guard end > next else { return }
        let count = Int(end - next)
        decoded.removeAll(keepingCapacity: true)
        if !codec.conceal(count, into: &decoded) { concealment.fill(count, into: &decoded) }
        emitDecoded(emit)
    }

    mutating func emitSilence(_ count: Int64, emit: (Output) -> Void) {
        emit(.silence(first: next, count: count))
        next += count
    }

    private mutating func emitDecoded(_ emit: (Output) -> Void) {
        emit(.samples(first: next, decoded))
        next += Int64(decoded.count)
    }
}
