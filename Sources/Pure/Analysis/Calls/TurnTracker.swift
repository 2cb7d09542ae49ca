public import SidetoneModel

/// The change of the floor at one step.
public struct TurnChange: Sendable, Equatable {
    /// A stretch of one side's speech, in steps; `end` is one past its last.
    public struct Talk: Sendable, Equatable {
        public var role: TrackRole
        public var start: Int64
        public var end: Int64
    }

    /// A turn that became known.
    public struct Taken: Sendable, Equatable {
        public var role: TrackRole
        public var start: Int64
        /// One past the last speech of the other side's turn before it; nil if the same side, or nobody, spoke before.
        public var previousEnd: Int64?
        /// How long the other side continued to speak, in steps.
        public var overlap: Int64
    }

    /// A completed turn.
    public var ended: Talk?
    /// A side took the floor.
    public var taken: Taken?
    /// A side spoke briefly during the other's turn without taking the floor.
    public var backchannel: Talk?

    var isEmpty: Bool { ended == nil && taken == nil && backchannel == nil }
}

/// Tracks which side holds the floor.
///
/// - A side that starts to speak while nobody speaks takes the floor at once.
/// - A side that starts while the holder speaks takes the floor when the holder falls silent and the newcomer has then
///   spoken alone for longer than both spoke together, or has spoken for the maximum duration of a backchannel.
/// - A newcomer that stops within that time has produced a backchannel.
/// - The holder keeps the floor during its own pauses up to `turn_pause_ms`; then nobody holds it.
/// - When both start in the same step, the caller takes the floor.
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
    ///   - backchannel: the limit below which speech is a backchannel, in steps.
    init(pause: Int64, backchannel: Int64) {
        self.pause = pause
        self.backchannel = backchannel
    }

    /// Processes the final state of the next step.
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

    /// Ends the call: ends the open turn.
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
