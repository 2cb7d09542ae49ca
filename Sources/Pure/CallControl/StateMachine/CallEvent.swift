/// An event of an emulated call, with the state at that time.
package struct CallEvent: Sendable, Hashable {
    /// The kinds of events: `created` is first; `completed` or `failed` is last and occurs once.
    package enum Kind: Sendable, Hashable {
        /// The call exists; its actions are not known yet. The status is maintained by `CallLifecycle`.
        case created(WebhookCall)
        /// Its actions were read and are valid.
        case answered
        /// The receiver accepted the upgrade.
        case streamStarted(ActiveStream)
        /// A started stream ended.
        /// - failure: a sentence; nil after a normal end.
        case streamFinished(ActiveStream, failure: String?)
        /// A stream failed to start.
        case streamFailed(ActiveStream, failure: String)
        case gathered(GatheredData)
        case recordingAsked(RecordingOrder)
        /// The call is over.
        case completed(reason: String)
        /// The call was never answered, or failed: invalid actions, a failed redirect.
        case failed(PlatformError)
    }

    package enum RecordingOrder: String, Sendable, Hashable { case start, stop }

    package var callID: String
    /// The position in samples of the call; 0 until the answer.
    package var position: Int64
    /// The call's variables at that time.
    package var variables: [String: String]
    package var kind: CallEvent.Kind

    package init(callID: String, position: Int64, variables: [String: String], kind: CallEvent.Kind) {
        self.callID = callID
        self.position = position
        self.variables = variables
        self.kind = kind
    }
}
