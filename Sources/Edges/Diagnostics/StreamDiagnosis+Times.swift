package import SidetoneCallControl

/// What is known of a call that was.
package struct CallReviewed: Sendable, Hashable {
    /// How many streams of it came.
    package var streams: Int
    package var findings: [CallFinding]

    package init(streams: Int, findings: [CallFinding]) {
        self.streams = streams
        self.findings = findings
    }
}

/// The last step: the receiver's times beside the webhooks'.
extension StreamDiagnosis {
    func examine(
        _ review: @Sendable () async throws -> CallReviewed?, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let reviewed: CallReviewed?
        do { reviewed = try await review() } catch {
            throw walk.broken(
                .times, detail: "the logs cannot be read", advice: "name the directory in which the sink log writes")
        }
        guard let reviewed else {
            throw walk.broken(
                .times, detail: "there is no log of this call",
                advice: "add - log: to the receiver's sinks, and compare the call's id")
        }
        guard let first = reviewed.findings.first else {
            return walk.pass(
                .times,
                detail:
                    "\(reviewed.streams) \(reviewed.streams == 1 ? "stream" : "streams"), within the call's own times")
        }
        let detail = reviewed.findings.map(\.detail).joined(separator: "; ")
        // A clock that differs spoils labels of time, and nothing else.
        guard reviewed.findings.contains(where: { $0.code != .clockSkew }) else {
            return walk.warn(.times, detail: detail, advice: Self.advice(first.code))
        }
        throw walk.broken(.times, detail: detail, advice: Self.advice(first.code))
    }

    private static func advice(_ code: CallFinding.Code) -> String {
        switch code {
        case .completionMissing:
            "see that webhook_url leads to this receiver: call.completed is the truth about the end"
        case .streamMissing: "walk the steps before this one with the call's document: its stream never came"
        case .mediaBeforeAnswer:
            "hold back what depends on the answer until call.answered: early media is announcements"
        case .streamEndedLate: "end the stream at call.completed, whatever its socket says"
        case .streamEndedEarly: "look for the reason in receiver.jsonl, and for stop_stream in the actions"
        case .clockSkew: "let both clocks follow NTP; correlate by the call's id, not by time"
        case .codecSuspected: "announce the codec that is sent: until then everything measured of the track is noise"
        }
    }
}
