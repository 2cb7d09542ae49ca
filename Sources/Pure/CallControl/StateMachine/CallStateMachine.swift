/// What a call does, one order after another: it runs the actions of its document strictly in their order and keeps what
/// they leave behind. A value that decides; an executor carries out.
///
/// Time is samples of the call since the answer. Whoever carries out asks `next(at:)` until there is no order, lets the
/// call go on a little, and asks again.
///
///     var flow = CallFlow(document, sampleRate: 8_000, audioEnd: 80_000)
///     while let order = flow.next(at: position) { carryOut(order) }
package struct CallStateMachine: Sendable {
    /// Streams that may run at once; ours.
    package static let mostStreams = 100
    /// Documents that a call may load, one after another. The platforms state 20 for `max_redirects`; that it holds for
    /// the whole call too is ours.
    package static let mostRedirects = 20

    /// What every action did so far, in their order.
    package internal(set) var actions: [ActionRecord] = []
    package internal(set) var variables: [String: String] = [:]
    /// The streams that run, or are being opened.
    package internal(set) var streams = ActiveStreams()
    package internal(set) var isHeld = false

    enum State: Sendable {
        /// The next action can begin.
        case ready
        /// Somebody carries out what takes time.
        case waiting(After)
        /// A sound plays.
        case playing(until: Int64, After)
        case gathering(GatherMachine)
        /// No action is left, or the last one lasts as long as the call.
        case idle
        case over
    }

    /// What a sound belongs to.
    enum After: Sendable {
        case nothing
        case gather(GatherRequest)
        case load(RedirectRequest)
    }

    let sampleRate: Int64
    let audioEnd: Int64
    let hangUpAt: Int64?
    let callFacts: [String: String]
    var state = State.ready
    var language = DocumentLanguage.actions
    var isRecording = false
    private var rest: ArraySlice<CallInstruction> = []
    private var redirectsLeft = mostRedirects
    private var queued: [Action] = []

    /// - Parameters:
    ///   - audioEnd: where the audio of both sides is over; with no action left, the call ends there.
    ///   - hangUpAt: where the caller hangs up, whatever runs; nil for never.
    ///   - callFacts: what `${call.…}` stands for in SWML.
    package init(
        _ document: CallDocument, sampleRate: Int, audioEnd: Int64, hangUpAt: Int64? = nil,
        callFacts: [String: String] = [:]
    ) {
        self.sampleRate = Int64(sampleRate)
        self.audioEnd = audioEnd
        self.hangUpAt = hangUpAt
        self.callFacts = callFacts
        adopt(document)
    }

    package var isOver: Bool {
        if case .over = state { true } else { false }
    }

    /// Whether keys that are pressed now are gathered.
    package var isGathering: Bool {
        if case .gathering = state { true } else { false }
    }

    /// What is to be done now; nil for nothing until the call has gone on, or an answer has come.
    package mutating func next(at position: Int64) -> Action? {
        if let hangUpAt, position >= hangUpAt, !isOver { hangUp(at: position) }
        while true {
            if !queued.isEmpty { return queued.removeFirst() }
            switch state {
            case .over, .waiting: return nil
            case .playing(let until, let after):
                guard position >= until else { return nil }
                if case .gather(let request) = after {
                    state = .gathering(GatherMachine(request, startMs: milliseconds(position)))
                } else {
                    finish(.done, at: position)
                }
            case .gathering(var machine):
                machine.advance(toMs: milliseconds(position))
                state = .gathering(machine)
                guard let result = machine.result else { return nil }
                finish(.done, at: position)
                return .tell(result)
            case .ready:
                guard let instruction = rest.popFirst() else {
                    state = .idle
                    continue
                }
                if let order = begin(instruction, at: position) { return order }
            case .idle:
                guard position >= audioEnd else { return nil }
                end(.completed(reason: "the audio is over"), at: position)
            }
        }
    }

    // MARK: Answers

    /// A sound that was asked for begins to play now.
    ///
    /// - Parameter count: its samples.
    package mutating func plays(_ count: Int64, at position: Int64) {
        guard case .waiting(let after) = state else { return }
        state = .playing(until: position + count, after)
    }

    /// Another document is there: what was left of the present one is dropped.
    package mutating func loaded(_ document: CallDocument, at position: Int64) {
        guard case .waiting(.load(let request)) = state else { return }
        finish(.done, at: position)
        redirectsLeft = min(redirectsLeft - 1, request.maxRedirects ?? Self.mostRedirects)
        adopt(document)
    }

    /// - Parameter reason: a sentence.
    package mutating func loadFailed(_ reason: String, at position: Int64) {
        guard case .waiting(.load) = state else { return }
        fail(reason, at: position)
    }

    /// The receiver took the stream.
    package mutating func streamStarted(_ stream: ActiveStream) {
        if language == .swml { variables.merge(SWMLVariables.afterStream(stream)) { $1 } }
    }

    /// The stream could not be opened, or broke.
    package mutating func streamFailed(_ stream: ActiveStream) {
        // Its control id may be another's by now.
        if streams.all.contains(stream) { _ = streams.stop(.controlID(stream.controlID)) }
        if language == .swml { variables.merge(SWMLVariables.afterStream(nil)) { $1 } }
    }

    /// The recording that was asked for last could not be started, or not be finished.
    ///
    /// - Parameter reason: a sentence.
    package mutating func recordingFailed(_ reason: String) {
        guard let last = actions.indices.last, case .done = actions[last].outcome else { return }
        actions[last].outcome = .failed(reason)
        isRecording = false
    }

    /// The caller pressed a key.
    package mutating func press(_ key: Character, at position: Int64) {
        guard case .gathering(var machine) = state else { return }
        machine.press(key, atMs: milliseconds(position))
        state = .gathering(machine)
    }

    // MARK: Deciding

    func milliseconds(_ position: Int64) -> Int64 { position * 1_000 / sampleRate }

    private mutating func adopt(_ document: CallDocument) {
        language = document.language
        rest = document.instructions[...]
    }

    /// Ends the action that runs; the next one can begin.
    mutating func finish(_ outcome: ActionRecord.Outcome, at position: Int64) {
        if let last = actions.indices.last, actions[last].ended == nil {
            actions[last].ended = position
            actions[last].outcome = outcome
        }
        state = .ready
    }

    /// Ends the call.
    mutating func end(_ end: CallEnd, at position: Int64) {
        finish(.done, at: position)
        rest = []
        state = .over
        queued.append(.end(end))
    }

    /// The action that runs cannot go on, and neither can the call.
    mutating func fail(_ reason: String, at position: Int64) {
        finish(.failed(reason), at: position)
        end(.failed(PlatformError(code: PlatformError.answerURL.code, message: reason)), at: position)
    }

    private mutating func hangUp(at position: Int64) {
        if case .gathering(var machine) = state {
            machine.hangUp()
            if let result = machine.result { queued.append(.tell(result)) }
        }
        // Who waits, or is in a conference, is there until the end; what speaks or gathers is cut off.
        if case .idle = state { finish(.done, at: position) }
        finish(.nothing("the caller hung up"), at: position)
        end(.completed(reason: "the caller hung up"), at: position)
    }

    /// Whether a further document may be loaded.
    var mayRedirect: Bool { redirectsLeft > 0 }
}
