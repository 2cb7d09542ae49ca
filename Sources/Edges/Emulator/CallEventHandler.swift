package import SidetoneCallControl

/// Handles the events of an emulated call: webhooks, recordings, reports. Events arrive in order, each before the call
/// continues; therefore a handler must return quickly and defer slow work.
package protocol CallEventHandler: Sendable {
    func handle(_ moment: CallEvent) async
    /// Why the last requested start or stop of a recording failed, as a sentence; nil on success, or if this handler
    /// does not record.
    var recordingProblem: String? { get async }
}

extension CallEventHandler {
    package var recordingProblem: String? { nil }
}
