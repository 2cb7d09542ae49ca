package import SidetoneCallControl

/// The recorded facts of a past call.
package struct CallReviewed: Sendable, Hashable {
    /// The number of its streams.
    package var streams: Int
    package var findings: [CallFinding]

    package init(streams: Int, findings: [CallFinding]) {
        self.streams = streams
        self.findings = findings
    }
}

/// The last step: compares the receiver's times with the webhooks'.
extension StreamDiagnosis {
    func examine(
        _ review: @Sendable () async throws -> CallReviewed?, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let reviewed: CallReviewed?
        do { reviewed = try await review() } catch {
            throw walk.broken(
                .times, detail: "the logs cannot be read", advice: "set --directory to the directory of the log sink")
        }
        guard let reviewed else {
            throw walk.broken(
                .times, detail: "there is no log of this call",
                advice: "add the log sink to the receiver, and check the call's ID")
        }
        guard let first = reviewed.findings.first else {
            return walk.pass(
                .times,
                detail:
                    "\(reviewed.streams) \(reviewed.streams == 1 ? "stream" : "streams"), within the call's own times")
        }
        let detail = reviewed.findings.map(\.detail).joined(separator: "; ")
        // A clock difference affects timestamps only.
        guard reviewed.findings.contains(where: { $0.code != .clockSkew }) else {
            return walk.warn(.times, detail: detail, advice: Self.advice(first.code))
        }
        throw walk.broken(.times, detail: detail, advice: Self.advice(first.code))
    }

    private static func advice(_ code: CallFinding.Code) -> String {
        switch code {
        case .completionMissing:
            "check that webhook_url points to this receiver: call.completed is authoritative for the end"
        case .streamMissing: "run the other checks with the call's document: its stream never arrived"
        case .mediaBeforeAnswer:
            "defer what depends on the answer until call.answered: early media is announcements"
        case .streamEndedLate: "end the stream at call.completed, regardless of its socket"
        case .streamEndedEarly: "check receiver.jsonl for the reason, and the actions for stop_stream"
        case .clockSkew: "synchronise both clocks by NTP; correlate by the call's ID, not by time"
        case .codecSuspected: "announce the codec that is sent: until then all measurements of the track are invalid"
        }
    }
}
