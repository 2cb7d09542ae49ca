import SidetoneJSON

extension CallStateMachine {
    /// Starts an action.
    /// - Returns: the action to perform; nil for none.
    mutating func begin(_ instruction: CallInstruction, at position: Int64) -> Action? {
        actions.append(
            ActionRecord(name: name(of: instruction), started: position, ended: nil, outcome: .running))
        guard let instruction = filled(instruction, at: position) else { return nil }
        switch instruction {
        case .startStream(let request): return start(request, at: position)
        case .stopStream(let match): return stop(match, at: position)
        case .startRecording: return record(.start, at: position)
        case .stopRecording: return record(.stop, at: position)
        case .say(let text): return wait(.nothing, order: .speak(text))
        case .gather(let request):
            guard let prompt = request.prompt else {
                state = .gathering(GatherMachine(request, startMs: milliseconds(position)))
                return nil
            }
            return wait(.gather(request), order: .speak(prompt))
        case .sendDigits(let digits, let pauseMs):
            return wait(.nothing, order: .sendDigits(digits, pauseBeforeMs: pauseMs))
        case .redirect(let request):
            guard mayRedirect else {
                fail("the call has reached its limit of redirects", at: position)
                return nil
            }
            return wait(.load(request), order: .load(request))
        case .transfer: return finish("transferred", at: position)
        case .bridge: return finish("bridged", at: position)
        case .conference(let request):
            state = .idle
            // Assumed: a muted participant's audio is dropped.
            return request.mute ? .mute(.read) : nil
        case .hold:
            isHeld = true
            return done(.hold, at: position)
        case .resume:
            guard isHeld else {
                finish(.failed("the call is not on hold"), at: position)
                return nil
            }
            isHeld = false
            return done(.resume, at: position)
        case .mute(let direction): return done(.mute(direction), at: position)
        case .unmute(let direction): return done(.unmute(direction), at: position)
        case .other(let name, let step): return other(name, step: step, at: position)
        }
    }

    /// The instruction with its variables filled in; nil if that failed, and with it the step.
    private mutating func filled(_ instruction: CallInstruction, at position: Int64) -> CallInstruction? {
        guard language == .swml else { return instruction }
        do throws(Diagnostic) {
            return try instruction.filled(by: SWMLPlaceholders(call: callFacts, variables: variables))
        } catch {
            finish(.failed("\(error)"), at: position)
            switch instruction {
            case .startStream: variables.merge(SWMLVariables.afterStream(nil)) { $1 }
            case .stopStream: variables.merge(SWMLVariables.afterStopStream([])) { $1 }
            default: break
            }
            return nil
        }
    }

    private mutating func wait(_ after: After, order: Action) -> Action {
        state = .waiting(after)
        return order
    }

    private mutating func done(_ order: Action, at position: Int64) -> Action {
        finish(.done, at: position)
        return order
    }

    private mutating func finish(_ reason: String, at position: Int64) -> Action? {
        end(.completed(reason: reason), at: position)
        return nil
    }

    private mutating func start(_ request: StreamRequest, at position: Int64) -> Action? {
        guard streams.all.count < Self.mostStreams, let stream = streams.start(request) else {
            let isFull = streams.all.count >= Self.mostStreams
            finish(
                .failed(
                    isFull
                        ? "the limit of \(Self.mostStreams) active streams is reached"
                        : "the control ID is that of an active stream"), at: position)
            if language == .swml { variables.merge(SWMLVariables.afterStream(nil)) { $1 } }
            return nil
        }
        return done(.startStream(stream), at: position)
    }

    private mutating func stop(_ match: StreamMatch, at position: Int64) -> Action? {
        let stopped = streams.stop(match)
        if language == .swml { variables.merge(SWMLVariables.afterStopStream(stopped)) { $1 } }
        guard !stopped.isEmpty else {
            finish(.nothing("no active stream matches"), at: position)
            return nil
        }
        return done(.stopStreams(stopped), at: position)
    }

    /// Requests that must fail are passed on as well, because the recorder reports the failure.
    private mutating func record(_ order: CallEvent.RecordingOrder, at position: Int64) -> Action {
        let starts = order == .start
        let isPossible = isRecording != starts
        finish(
            isPossible ? .done : .failed(starts ? "a recording is already active" : "no recording is active"),
            at: position)
        isRecording = starts
        return .record(order)
    }

    /// The SWML methods that affect media or variables; others are skipped and reported.
    private mutating func other(_ name: String, step: JSONValue, at position: Int64) -> Action? {
        switch name {
        case "answer": finish(.done, at: position)
        case "hangup": return finish("hung up by the document", at: position)
        case "play":
            switch Playable(step) {
            case .speech(let text): return wait(.nothing, order: .speak(text))
            case .silence(let seconds):
                state = .playing(until: position + Int64(seconds * Double(sampleRate)), .nothing)
            case nil: finish(.passedOver("only say: and silence: are supported"), at: position)
            }
        case "sleep":
            guard let seconds = Playable.sleep(step) else {
                finish(.failed("sleep: expected milliseconds"), at: position)
                return nil
            }
            state = .playing(until: position + Int64(seconds * Double(sampleRate)), .nothing)
        case "set", "unset":
            guard SWMLVariables.change(&variables, by: step) else {
                finish(
                    .failed(
                        name == "set"
                            ? "set: expected names with texts, numbers, true or false"
                            : "unset: expected names of variables"),
                    at: position)
                return nil
            }
            finish(.done, at: position)
        default: finish(.passedOver("\(name) is not emulated"), at: position)
        }
        return nil
    }

    private func name(of instruction: CallInstruction) -> String {
        switch instruction {
        case .startStream: language == .swml ? "stream" : StartStreamAction.name
        case .stopStream: StopStreamAction.name
        case .startRecording: StartRecordingAction.name
        case .stopRecording: StopRecordingAction.name
        case .say: SayAction.name
        case .gather: GatherAction.name
        case .sendDigits: SendDigitsAction.name
        case .redirect: RedirectAction.name
        case .transfer: TransferAction.name
        case .bridge: BridgeAction.name
        case .conference: ConferenceAction.name
        case .hold: HoldAction.name
        case .resume: ResumeAction.name
        case .mute: MuteAction.name
        case .unmute: UnmuteAction.name
        case .other(let name, _): name
        }
    }
}
