import SidetoneCodecs
import SidetoneModel

// The position of a packet.

extension JitterBuffer {
    /// Identifies a packet by both values, because a platform may restart its numbering.
    struct Mark: Equatable {
        var number = Int64.min
        var timestampMs = Int64.min
    }

    enum Verdict {
        case fits
        /// Ahead of the expected position; no packet can follow in between.
        case ahead(Gap.Cause)
        /// Ahead of the expected position; packets in between may still arrive.
        case early
        case past
        /// Its timestamp jumps; the next packet decides.
        case doubtful
    }

    mutating func isRepeated(_ packet: MediaPacket) -> Bool {
        guard let number = number(of: packet) else { return false }
        let slot = Int(UInt64(bitPattern: number) % UInt64(Self.memory))
        let mark = Mark(number: number, timestampMs: packet.timestampMs ?? .min)
        guard recentMarks[slot] != mark else { return true }
        recentMarks[slot] = mark
        return false
    }

    func number(of packet: MediaPacket) -> Int64? { packet.sequence ?? packet.chunk }

    /// The position of a packet by its timestamp. One without a timestamp follows the packet before it.
    func position(of packet: MediaPacket) -> Int64 {
        if let timestampMs = packet.timestampMs { return epoch.position(of: timestampMs) }
        guard !held.isEmpty, let number = number(of: packet),
            let before = held.last(where: { self.number(of: $0.packet).map { $0 < number } ?? false })
        else { return next }
        return before.place + samples(in: before.packet)
    }

    func samples(in packet: MediaPacket) -> Int64 { Int64(codec.sampleCount(of: packet.payload)) }

    /// Switches to the newest epoch once a packet fits it better than the track's current one.
    mutating func adopt(_ packet: MediaPacket, clock: MediaClock) {
        guard let timestampMs = packet.timestampMs else { return }
        let currentDeviation = abs(epoch.position(of: timestampMs) - next)
        if abs(clock.epoch.position(of: timestampMs) - next) < currentDeviation { epoch = clock.epoch }
    }

    private func tolerance(_ count: Int64) -> Int64 {
        max(min(count / 2, sampleRate * Int64(Self.toleranceMs) / 1_000), sampleRate * 2 / 1_000)
    }

    func isNextChunk(_ packet: MediaPacket) -> Bool { packet.chunk.map { $0 == (lastChunk ?? 0) &+ 1 } ?? false }

    func verdict(on packet: MediaPacket, at place: Int64, _ clock: MediaClock) -> Verdict {
        let deviation = place - next
        guard packet.timestampMs != nil else { return deviation > 0 ? .early : .fits }
        let count = samples(in: packet)
        let tolerance = tolerance(count)
        if let openGap, deviation < -tolerance, place >= openGap - tolerance { return .past }
        let isNextChunk = isNextChunk(packet)
        if isNextChunk || (!isAnchored && packet.chunk == nil) {
            if deviation > (isAnchored ? tolerance : 0) {
                return isAgreed(place, clock: clock) || (!isAnchored && deviation <= tolerance)
                    ? .ahead(.notSent) : .doubtful
            }
            return deviation < -sampleRate ? .doubtful : .fits
        }
        if deviation > maxGap { return .doubtful }
        guard isAnchored else { return .early }
        if abs(deviation) <= tolerance {
            // Within the timestamp tolerance of its neighbour: only the number distinguishes them.
            return count <= tolerance && chunksArePerTrack && packet.chunk != nil ? byNumber(packet) : .fits
        }
        if deviation > 0 { return .early }
        // A packet with the highest number so far cannot be late: the clock lags behind the samples, or was set back.
        guard let sequence = packet.sequence, sequence > lastSequence else { return .past }
        return deviation < -sampleRate ? .doubtful : .fits
    }

    private var maxGap: Int64 { Int64(settings.maxGapS) * sampleRate }

    private func byNumber(_ packet: MediaPacket) -> Verdict {
        guard let chunk = packet.chunk, let lastChunk else { return .fits }
        return chunk > lastChunk ? .early : .past
    }

    /// Whether the other track's media has reached the same position, after a pause in this track.
    private func isAgreed(_ place: Int64, clock: MediaClock) -> Bool {
        place - next > sampleRate / 5 && abs(place - clock[end: role.other]) <= sampleRate / 10
    }

    // MARK: Timestamp jumps

    mutating func doubt(_ packet: MediaPacket, at place: Int64, arrival: Double?, clock: MediaClock) {
        var followsPause = false
        if let arrival, let lastArrival {
            followsPause = arrival - lastArrival >= Double(place - next) / Double(sampleRate) / 2
        }
        suspect = Suspect(
            held: Held(packet: packet, place: place, otherEnd: clock[end: role.other]),
            cause: isNextChunk(packet) || !isAnchored ? .notSent : .lost, followsPause: followsPause)
    }

    /// Decides on the suspect by the packet after it.
    ///
    /// - Returns: false while undecided, because the suspect overtook that packet.
    mutating func settle(
        with packet: MediaPacket, clock: inout MediaClock, emit: (Output) -> Void
    ) -> Bool {
        guard let suspect else { return false }
        let held = suspect.held
        let place = position(of: packet)
        if let number = number(of: packet), let its = self.number(of: held.packet), number < its,
            place > next - tolerance(samples(in: packet))
        {
            return false
        }
        self.suspect = nil
        let count = samples(in: held.packet)
        let fromOld = abs(place - (next + count))
        let fromNew = abs(place - (held.place + count))
        if fromNew < fromOld {
            if let first = self.held.first, first.place < held.place || held.place < next {
                // Held packets come first; then this is decided again.
                self.suspect = suspect
                stopWaiting(&clock, emit: emit)
                return true
            }
            if isPause(suspect), !hasOtherStayed(since: held, clock) {
                conceal(until: held.place, cause: suspect.cause, emit)
                due.append(held)
                return true
            }
            if fromNew <= sampleRate {
                // Packets missing by number were lost before the clock was reset.
                let other = clock[end: role.other]
                let lost = suspect.cause == .lost && other > next && other - next <= sampleRate
                startClock(with: held.packet, at: lost ? other : next, clock: &clock, emit: emit)
                return true
            }
        }
        misplace(held)
        return true
    }

    /// Decides on the suspect when no packet of this track follows it.
    mutating func settleAlone(_ clock: MediaClock, emit: (Output) -> Void) {
        guard let suspect else { return }
        self.suspect = nil
        guard isPause(suspect), !hasOtherStayed(since: suspect.held, clock) else { return misplace(suspect.held) }
        conceal(until: suspect.held.place, cause: suspect.cause, emit)
        due.append(suspect.held)
    }

    private func isPause(_ suspect: Suspect) -> Bool {
        let pause = suspect.held.place - next
        return pause > 0 && (pause <= maxGap || suspect.followsPause)
    }

    /// Whether the other track has continued since a packet arrived and is nearer to this track's end than to that
    /// packet's position: then there was no pause in the call.
    func hasOtherStayed(since held: Held, _ clock: MediaClock) -> Bool {
        let other = clock[end: role.other]
        return other > held.otherEnd && abs(other - next) < abs(other - held.place)
    }

    /// A wrong timestamp: the packet's audio follows the packet before.
    private mutating func misplace(_ held: Held) {
        counters.wrongTimestamps += 1
        due.append(Held(packet: held.packet, place: next, otherEnd: held.otherEnd))
    }

    // MARK: Order

    mutating func hold(_ packet: MediaPacket, at place: Int64, clock: MediaClock) {
        heldBytes += packet.payload.count + Self.packetOverhead
        correctLeaps(before: packet, at: place)
        let later = held.firstIndex { other in
            if other.place != place { return other.place > place }
            return (number(of: other.packet) ?? 0) > (number(of: packet) ?? 0)
        }
        if later != nil { counters.reordered += 1 }
        held.insert(
            Held(packet: packet, place: place, otherEnd: clock[end: role.other]), at: later ?? held.count)
    }

    /// Corrects held packets whose timestamps lie after that of a packet with a higher number; without numbers, by more
    /// than a second after that of a packet that arrived later.
    private mutating func correctLeaps(before packet: MediaPacket, at place: Int64) {
        guard let last = held.last, last.place > place else { return }
        let number = number(of: packet)
        for index in held.indices where held[index].place > place {
            if let number, let its = self.number(of: held[index].packet) {
                guard its < number else { continue }
            } else {
                guard held[index].place - place > sampleRate else { continue }
            }
            counters.wrongTimestamps += 1
            held[index].place = max(next, place - samples(in: held[index].packet))
        }
        held.sort { $0.place < $1.place }
    }

    /// Releases the first held packet when it is due.
    ///
    /// - Returns: whether anything changed.
    mutating func releaseHeld(_ clock: inout MediaClock, emit: (Output) -> Void) -> Bool {
        guard let first = held.first else { return false }
        switch verdict(on: first.packet, at: first.place, clock) {
        case .fits:
            removeFirstHeld()
            release(first.packet, at: first.place, clock: &clock, emit: emit)
        case .ahead(let cause):
            removeFirstHeld()
            conceal(until: first.place, cause: cause, emit)
            due.append(first)
        case .past:
            counters.late += 1
            removeFirstHeld()
        case .doubtful:
            guard suspect == nil else { return false }
            removeFirstHeld()
            suspect = Suspect(
                held: first, cause: isNextChunk(first.packet) ? .notSent : .lost, followsPause: false)
        case .early: return false
        }
        return true
    }

    /// Stops waiting for missing packets: their gap is concealed, and the first held packet follows.
    mutating func stopWaiting(_ clock: inout MediaClock, emit: (Output) -> Void) {
        guard let first = held.first else { return }
        removeFirstHeld()
        if first.place - next > sampleRate, hasOtherStayed(since: first, clock) {
            startClock(with: first.packet, at: next, clock: &clock, emit: emit)
            return
        }
        if first.place > next { conceal(until: first.place, cause: isAnchored ? .lost : .notSent, emit) }
        due.append(first)
    }

    private mutating func removeFirstHeld() {
        let first = held.removeFirst()
        heldBytes -= first.packet.payload.count + Self.packetOverhead
    }
}
