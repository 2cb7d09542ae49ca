/// Something that happened in an emulated call, with what was known then.
package struct CallEvent: Sendable, Hashable {
    /// What can happen, in the order in which it can: `created` is first; `completed` or `failed` is last and comes once.
    package enum Kind: Sendable, Hashable {
        /// The call exists; its actions are not known yet. The status is the life cycle's affair.
        case created(WebhookCall)
        /// Its actions were read and are sound.
        case answered
        /// The receiver took the upgrade.
        case streamStarted(ActiveStream)
        /// A stream that had started ended.
        ///
        /// - failure: a sentence; nil where it ended as it should.
        case streamFinished(ActiveStream, failure: String?)
        /// A stream never started.
        case streamFailed(ActiveStream, failure: String)
        case gathered(GatheredData)
        case recordingAsked(RecordingOrder)
        /// The call is over.
        case completed(reason: String)
        /// The call never came to an answer, or broke: unusable actions, a redirect that failed.
        case failed(PlatformError)
    }

    package enum RecordingOrder: String, Sendable, Hashable { case start, stop }

    package var callID: String
    /// Samples of the call heard before it; 0 until the answer.
    package var position: Int64
    /// The call's variables, as they were.
    package var variables: [String: String]
    package var kind: CallEvent.Kind

    package init(callID: String, position: Int64, variables: [String: String], kind: CallEvent.Kind) {
        self.callID = callID
        self.position = position
        self.variables = variables
        self.kind = kind
    }
}
