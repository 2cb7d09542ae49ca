/// Decides the actions of a call: runs the steps of its document strictly in order and keeps their state. A value that
/// decides; a runner performs the actions. Time is in samples of the call since the answer. The runner calls
/// `next(at:)` until it returns nil, advances the call, and calls it again.
///
///     var machine = CallStateMachine(document, sampleRate: 8_000, audioEnd: 80_000)
///     while let action = machine.next(at: position) { perform(action) }
package struct CallStateMachine: Sendable {
    /// Maximum concurrent streams; Sidetone's limit.
    package static let mostStreams = 100
    /// Maximum documents that a call may load. The platforms document 20 for `max_redirects`; applying it to the whole
    /// call is Sidetone's choice.
    package static let mostRedirects = 20

    /// The results of all actions so far, in order.
    package internal(set) var actions: [ActionRecord] = []
    package internal(set) var variables: [String: String] = [:]
    /// The active streams, including those being opened.
    package internal(set) var streams = ActiveStreams()
    package internal(set) var isHeld = false

    enum State: Sendable {
        /// The next action can start.
        case ready
        /// An external operation is pending.
        case waiting(After)
        /// A sound is playing.
        case playing(until: Int64, After)
        case gathering(GatherMachine)
        /// No action remains, or the last one lasts until the end of the call.
        case idle
        case over
    }

    /// The purpose of a sound.
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
    /// - audioEnd: the end of the audio of both sides; without further actions, the call ends there.
    /// - hangUpAt: the position at which the caller hangs up in any state; nil for never.
    /// - callFacts: the values of `${call.…}` in SWML.
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

    /// Whether digits are being gathered.
    package var isGathering: Bool {
        if case .gathering = state { true } else { false }
    }

    /// The next action; nil until the call has advanced, or a result was reported.
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
                return .reportDigits(result)
            case .ready:
                guard let instruction = rest.popFirst() else {
                    state = .idle
                    continue
                }
                if let order = begin(instruction, at: position) { return order }
            case .idle:
                guard position >= audioEnd else { return nil }
                end(.completed(reason: "the audio has ended"), at: position)
            }
        }
    }

    // MARK: Results

    /// A requested sound starts to play now.
    /// - Parameter count: its length in samples.
    package mutating func plays(_ count: Int64, at position: Int64) {
        guard case .waiting(let after) = state else { return }
        state = .playing(until: position + count, after)
    }

    /// Another document was loaded: the remaining steps of the current one are dropped.
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

    /// The receiver accepted the stream.
    package mutating func streamStarted(_ stream: ActiveStream) {
        if language == .swml { variables.merge(SWMLVariables.afterStream(stream)) { $1 } }
    }

    /// The stream could not be opened, or failed.
    package mutating func streamFailed(_ stream: ActiveStream) {
        // Its control ID may be in use by another stream by now.
        if streams.all.contains(stream) { _ = streams.stop(.controlID(stream.controlID)) }
        if language == .swml { variables.merge(SWMLVariables.afterStream(nil)) { $1 } }
    }

    /// The last requested recording could not be started or completed.
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

    // MARK: Decisions

    func milliseconds(_ position: Int64) -> Int64 { position * 1_000 / sampleRate }

    private mutating func adopt(_ document: CallDocument) {
        language = document.language
        rest = document.instructions[...]
    }

    /// Ends the current action; the next one can start.
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

    /// The current action failed, and ends the call.
    mutating func fail(_ reason: String, at position: Int64) {
        finish(.failed(reason), at: position)
        end(.failed(PlatformError(code: PlatformError.answerURL.code, message: reason)), at: position)
    }

    private mutating func hangUp(at position: Int64) {
        if case .gathering(var machine) = state {
            machine.hangUp()
            if let result = machine.result { queued.append(.reportDigits(result)) }
        }
        // Hold and conference last until the end; speech and gathering are cut off.
        if case .idle = state { finish(.done, at: position) }
        finish(.nothing("the caller hung up"), at: position)
        end(.completed(reason: "the caller hung up"), at: position)
    }

    /// Whether another document may be loaded.
    var mayRedirect: Bool { redirectsLeft > 0 }
}
