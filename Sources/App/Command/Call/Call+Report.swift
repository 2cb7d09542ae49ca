import SidetoneCallControl
import SidetoneEmulator
import SidetoneJSON
import SidetonePipeline
import SidetonePlayback

/// The output of the command.
extension Call {
    func show(_ report: MediaCallCommand.Report, outcome: FlowCommand.Outcome?) {
        switch format {
        case .text:
            if let outcome { show(outcome) }
            Console.print(
                "calls \(report.calls), messages \(report.messages), bytes \(report.bytes); late p50 "
                    + "\(late(report, quantile: 0.5, decimals: 1)) ms, p99 \(late(report, quantile: 0.99, decimals: 1)) ms; failed \(report.failures.count)"
            )
            if !options.fault.isEmpty { Console.print("media faults (seed \(options.seed ?? 0)): \(report.faults)") }
        case .json:
            let flows = outcome.map { ",\"details\":\(details($0)),\"deliveries\":\(deliveries($0))" } ?? ""
            let faults =
                options.fault.isEmpty
                ? ""
                : "\"seed\":\(options.seed ?? 0),\"faults\":{\(report.faults.all.map { "\"\($0.name)\":\($0.count)" }.joined(separator: ","))},"
            Console.print(
                "{\"calls\":\(report.calls),\"messages\":\(report.messages),\"bytes\":\(report.bytes),"
                    + "\"late_p50_ms\":\(late(report, quantile: 0.5, decimals: 3)),\"late_p99_ms\":\(late(report, quantile: 0.99, decimals: 3)),"
                    + faults + "\"failed\":\(report.failures.count)\(flows)}")
        }
    }

    private func late(_ report: MediaCallCommand.Report, quantile: Double, decimals: Int) -> String {
        SystemInfo.fixed(report.lateness.microseconds(at: quantile) / 1_000, decimals: decimals)
    }

    private func details(_ outcome: FlowCommand.Outcome) -> String {
        JSONWriter.text(of: .list(outcome.calls.map(\.json)))
    }

    private func deliveries(_ outcome: FlowCommand.Outcome) -> String {
        let counts = outcome.deliveries.counts
        return "{\"delivered\":\(counts.delivered),\"attempts\":\(counts.attempts),\"given_up\":\(counts.givenUp),"
            + "\"refused\":\(counts.refused),\"unfinished\":\(counts.unfinished),\"duplicated\":\(counts.duplicated),"
            + "\"reordered\":\(counts.reordered),\"delayed\":\(counts.delayed)}"
    }

    private func show(_ outcome: FlowCommand.Outcome) {
        if outcome.calls.count == 1, let call = outcome.calls.first { show(call) }
        for recording in outcome.recordings {
            Console.print("recording \(recording.id) \(recording.status) \(recording.fileURL)")
        }
        let counts = outcome.deliveries.counts
        guard counts.attempts + counts.givenUp + counts.refused + counts.unfinished > 0 else { return }
        Console.print(
            "webhooks delivered \(counts.delivered), attempts \(counts.attempts), given up \(counts.givenUp), "
                + "unfinished \(counts.unfinished + counts.refused)"
                + (counts.duplicated + counts.reordered + counts.delayed > 0
                    ? ", duplicated \(counts.duplicated), reordered \(counts.reordered), delayed \(counts.delayed)"
                    : ""))
    }

    private func show(_ call: FlowReport) {
        var actions = TextTable(header: ["action", "from", "to", "outcome"])
        for action in call.actions {
            actions.add([
                action.name, SystemInfo.fixed(call.time(action.started), decimals: 2),
                action.ended.map { SystemInfo.fixed(call.time($0), decimals: 2) } ?? "", action.outcome.word,
            ])
        }
        var streams = TextTable(header: ["stream", "tracks", "from", "to", "messages", "bytes", "outcome"])
        for stream in call.streams {
            streams.add([
                stream.controlID, stream.tracks.rawValue, SystemInfo.fixed(stream.started, decimals: 2),
                SystemInfo.fixed(stream.ended, decimals: 2), "\(stream.play.messages)", "\(stream.play.bytes)",
                stream.play.failure == nil ? "done" : "failed",
            ])
        }
        Console.print(
            "call \(call.callID) \(call.status) after \(SystemInfo.fixed(call.seconds, decimals: 2)) s: \(call.reason)")
        for line in (call.actions.isEmpty ? [] : actions.lines) + (call.streams.isEmpty ? [] : streams.lines) {
            Console.print(line)
        }
        // Failures are reported on standard error.
        for action in call.actions where !["failed", "done"].contains(action.outcome.word) {
            guard let detail = action.outcome.detail else { continue }
            Console.print("\(action.name) at \(SystemInfo.fixed(call.time(action.started), decimals: 2)) s: \(detail)")
        }
    }
}
