public import SidetoneModel

/// What became of the floor at one step.
public struct TurnChange: Sendable, Equatable {
    /// A stretch of one side's talk, in steps; `end` is one past its last.
    public struct Talk: Sendable, Equatable {
        public var role: TrackRole
        public var start: Int64
        public var end: Int64
    }

    /// A turn that became known.
    public struct Taken: Sendable, Equatable {
        public var role: TrackRole
        public var start: Int64
        /// One past the last speech of the other side's turn before it; nil when the same side, or nobody, spoke before.
        public var previousEnd: Int64?
        /// How long the other side spoke on, in steps.
        public var overlap: Int64
    }

    /// A turn that is over.
    public var ended: Talk?
    /// Somebody took the floor.
    public var taken: Taken?
    /// Somebody spoke briefly into the other's turn and did not take the floor.
    public var backchannel: Talk?

    var isEmpty: Bool { ended == nil && taken == nil && backchannel == nil }
}

/// Who holds the floor.
///
/// - Whoever begins to speak while nobody speaks takes the floor at once.
/// - Whoever begins while the holder speaks takes it when the holder falls silent and the newcomer has then spoken
///   alone for longer than both spoke together, or has spoken for as long as a backchannel may last.
/// - Who does not, and stops within that time, gave a backchannel.
/// - The holder keeps it through own pauses up to the turn's pause; then nobody has it.
/// - When both begin in the same step, the floor is the caller's.
struct TurnTracker {
    private struct Attempt {
        let start: Int64
        var overlap: Int64 = 0
        var alone: Int64 = 0
    }

    private let pause: Int64
    private let backchannel: Int64
    private(set) var holder: TrackRole?
    /// The first step of the holder's turn.
    private(set) var turnStart: Int64 = 0
    private var previous: TrackRole?
    private var attempt: Attempt?
    private var wasSpeech = PerTrack(false)
    /// One past the last speech step.
    private var speechEnd = PerTrack<Int64>(0)

    /// - Parameters:
    ///   - pause: the longest own pause within a turn, in steps.
    ///   - backchannel: what a backchannel is shorter than, in steps.
    init(pause: Int64, backchannel: Int64) {
        self.pause = pause
        self.backchannel = backchannel
    }

    /// Takes what is final of the next step.
    mutating func step(_ number: Int64, isSpeech: PerTrack<Bool>) -> TurnChange {
        var change = TurnChange()
        if let holder {
            challenge(by: holder.other, of: holder, number: number, isSpeech: isSpeech, change: &change)
        } else if isSpeech.inbound || isSpeech.outbound {
            takeTurn(isSpeech.inbound ? .inbound : .outbound, start: number, overlap: 0, change: &change)
            if isSpeech.inbound && isSpeech.outbound { attempt = Attempt(start: number, overlap: 1) }
        }
        if isSpeech.inbound { speechEnd.inbound = number + 1 }
        if isSpeech.outbound { speechEnd.outbound = number + 1 }
        wasSpeech = isSpeech
        return change
    }

    /// Nothing follows: ends the open turn.
    mutating func finish() -> TurnChange {
        var change = TurnChange()
        if let attempt, let holder { close(attempt, of: holder.other, change: &change) }
        end(&change)
        previous = nil
        wasSpeech = PerTrack(false)
        return change
    }

    private mutating func challenge(
        by other: TrackRole, of holder: TrackRole, number: Int64, isSpeech: PerTrack<Bool>,
        change: inout TurnChange
    ) {
        guard isSpeech[other] else {
            if let attempt { close(attempt, of: other, change: &change) }
            if !isSpeech[holder] && number + 1 - speechEnd[holder] > pause { end(&change) }
            return
        }
        guard var trying = attempt else {
            if isSpeech[holder] {
                attempt = Attempt(start: number, overlap: 1)
            } else {
                takeTurn(other, start: number, overlap: 0, change: &change)
            }
            return
        }
        if isSpeech[holder] {
            trying.overlap += 1
            trying.alone = 0
        } else {
            trying.alone += 1
        }
        attempt = trying
        let isLong = trying.alone > trying.overlap || number + 1 - trying.start >= backchannel
        if !isSpeech[holder] && isLong {
            takeTurn(other, start: trying.start, overlap: trying.overlap, change: &change)
        }
    }

    private mutating func takeTurn(_ role: TrackRole, start: Int64, overlap: Int64, change: inout TurnChange) {
        end(&change)
        change.taken = TurnChange.Taken(
            role: role, start: start, previousEnd: previous == role.other ? speechEnd[role.other] : nil,
            overlap: overlap)
        holder = role
        turnStart = start
    }

    private mutating func end(_ change: inout TurnChange) {
        if let holder {
            change.ended = TurnChange.Talk(role: holder, start: turnStart, end: speechEnd[holder])
            previous = holder
        }
        holder = nil
        attempt = nil
    }

    private mutating func close(_ attempt: Attempt, of role: TrackRole, change: inout TurnChange) {
        self.attempt = nil
        guard speechEnd[role] - attempt.start < backchannel else { return }
        change.backchannel = TurnChange.Talk(role: role, start: attempt.start, end: speechEnd[role])
    }
}
