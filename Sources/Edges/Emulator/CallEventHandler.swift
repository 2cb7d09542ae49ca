package import SidetoneCallControl

/// Whoever wants to know what happens in an emulated call: webhooks, recordings, reports.
///
/// Moments come one after another, in their order, each before the call goes on; so an observer hands on what takes
/// long, and returns.
package protocol CallEventHandler: Sendable {
    func handle(_ moment: CallEvent) async
    /// Why the last recording that was asked for neither began nor ended as asked, a sentence; nil where it did, or where
    /// somebody else records.
    var recordingProblem: String? { get async }
}

extension CallEventHandler {
    package var recordingProblem: String? { nil }
}
