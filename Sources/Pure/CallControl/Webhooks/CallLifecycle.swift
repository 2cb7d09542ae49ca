public import SidetoneJSON

/// The webhooks of one call: converts events to the messages that must be sent. Impossible events (an answer after the
/// end, a second creation) send nothing. Recordings outlive their call: their file may become ready after
/// `call.completed`.
public struct CallLifecycle: Sendable {
    /// The events of a call.
    public enum Happening: Sendable, Hashable {
        case created
        case answered
        case gathered(GatheredData)
        case startRecording
        case stopRecording
        /// The file of the stopped recording is ready.
        case recordingReady
        /// The active or the stopped recording failed.
        case recordingLost
        /// Either side hangs up.
        case ended
        /// It was never answered, or failed.
        case failed(reason: String)
    }

    /// One webhook to send; the sender adds the time.
    public struct Due: Sendable, Hashable {
        public var event: WebhookEvent
        public var call: WebhookCall
        public var data: JSONObject

        /// The message, complete.
        public func webhook(at time: UTCTime, variables: JSONObject = JSONObject()) -> MiniVoiceWebhook {
            MiniVoiceWebhook(
                event: event, createdAt: time, call: call, variables: variables, data: data,
                eventKey: MiniVoiceWebhook.eventKey(call: call.id, event))
        }
    }

    public enum Phase: Sendable, Hashable { case new, dialing, inProgress, over }
    private enum RecordingPhase { case none, active, finishing }

    public private(set) var phase = Phase.new
    private var call: WebhookCall
    private var recording = RecordingPhase.none
    private var recordingCount = 0

    /// - Parameter call: its status is updated by the lifecycle.
    public init(_ call: WebhookCall) {
        self.call = call
        self.call.status = "dialing"
    }

    public mutating func happen(_ happening: Happening) -> [Due] {
        switch (happening, phase) {
        case (.created, .new): return move(to: .dialing, status: "dialing", event: .callCreated)
        case (.answered, .dialing): return move(to: .inProgress, status: "in_progress", event: .callAnswered)
        case (.ended, .inProgress): return move(to: .over, status: "completed", event: .callCompleted)
        // Assumed: a call that ends before its answer has the status failed.
        case (.ended, .dialing):
            return move(to: .over, status: "failed", event: .callFailed, data: reason("ended before the answer"))
        case (.failed(let text), .dialing), (.failed(let text), .inProgress):
            return move(to: .over, status: "failed", event: .callFailed, data: reason(text))
        case (.gathered(let data), .inProgress): return [Due(event: .callGathered, call: call, data: data.json)]
        case (.startRecording, .inProgress) where recording == .none:
            recordingCount += 1
            recording = .active
            return [recordingDue(.recordingStarted, status: "started")]
        case (.startRecording, .inProgress), (.startRecording, .dialing):
            return [recordingDue(.recordingFailed, status: "failed")]
        case (.stopRecording, .inProgress) where recording == .active:
            recording = .finishing
            return []
        case (.stopRecording, .inProgress): return [recordingDue(.recordingFailed, status: "failed")]
        case (.recordingReady, _) where recording == .finishing:
            recording = .none
            return [recordingDue(.recordingCompleted, status: "completed")]
        case (.recordingLost, _) where recording != .none:
            recording = .none
            return [recordingDue(.recordingFailed, status: "failed")]
        default: return []
        }
    }

    private mutating func move(
        to phase: Phase, status: String, event: WebhookEvent, data: JSONObject = JSONObject()
    ) -> [Due] {
        self.phase = phase
        call.status = status
        if phase == .over, recording == .active { recording = .finishing }
        return [Due(event: event, call: call, data: data)]
    }

    private func reason(_ text: String) -> JSONObject { JSONObject([JSONMember("reason", .text(text))]) }

    /// The ID of the latest recording: `rec_` and the call's ID; from the second one with its number, which is assumed.
    public var recordingID: String { recordingCount < 2 ? "rec_\(call.id)" : "rec_\(call.id)_\(recordingCount)" }

    private func recordingDue(_ event: WebhookEvent, status: String) -> Due {
        Due(
            event: event, call: call.reduced,
            data: JSONObject([
                JSONMember("recording_id", .text(recordingID)), JSONMember("status", .text(status)),
                JSONMember("call_id", .text(call.id)),
            ]))
    }
}
