import Foundation
import NIOCore
import SidetoneCallControl
import SidetoneJSON
import SidetoneModel

/// What the receiver made of the probe: its counters against ours.
extension StreamDiagnosis {
    func compare(_ probe: Probe, walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken) {
        if let before = probe.before, let base = options.statusURL {
            switch before {
            case .success(let before): try await compare(probe, before: before, at: base, walk: &walk)
            case .failure(let problem): throw walk.broken(.receiver, detail: problem.detail, advice: problem.advice)
            }
        }
        if let directory = options.directory, options.review == nil {
            try await compare(probe, in: directory, walk: &walk)
        }
    }

    private func compare(
        _ probe: Probe, before: ReceiverCounters, at base: String, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        // Counted when the stream is over, which the receiver may see a moment later.
        let seen = await repeated(within: deadlines.receiver) { () -> ReceiverCounters? in
            guard let now = try? await counters(at: base) else { return nil }
            return now.messages - before.messages >= probe.messages ? now : nil
        }
        guard let seen else {
            throw walk.broken(
                .receiver, detail: "its counters show fewer than the \(probe.messages) messages sent",
                advice: "see that this monitor belongs to the receiver of the stream URL")
        }
        let refused = seen.refusedMessages - before.refusedMessages
        guard refused == 0 else {
            throw walk.broken(
                .receiver, detail: "it counts \(seen.messages - before.messages) messages, and refused \(refused)",
                advice: "choose the --platform whose language it reads, or set its dialect to auto")
        }
        walk.pass(.receiver, detail: "it counts \(seen.messages - before.messages) messages, none refused")
    }

    private func compare(
        _ probe: Probe, in directory: String, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let files = ReceiverFiles(directory: directory, call: probe.callID)
        let seen = await repeated(within: deadlines.receiver) { files.summary() }
        guard let seen else {
            let names = files.names
            guard !names.isEmpty else {
                throw walk.broken(
                    .receiver, detail: "there is nothing of call \(probe.callID) in \(directory)",
                    advice: "name the directory of the receiver's sinks, and see that it has a summary sink")
            }
            return walk.warn(
                .receiver, detail: "it wrote \(names.prefix(5).joined(separator: ", ")), and no summary.json in time",
                advice: "add - summary: to its sinks: then packets can be counted")
        }
        let problems = seen.problems(expected: probe.packets, tracks: probe.tracks)
        guard problems.isEmpty else {
            throw walk.broken(
                .receiver, detail: problems.joined(separator: "; "),
                advice:
                    "look for a proxy that drops or delays messages, and choose the --platform whose language it reads")
        }
        let counts = seen.tracks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        walk.pass(.receiver, detail: "it counts packets as sent (\(counts)), none lost or refused")
    }

    /// Looks again until there is something to see, or the deadline has passed.
    private func repeated<Value: Sendable>(
        within deadline: TimeAmount, _ look: @Sendable () async -> Value?
    ) async -> Value? {
        let end = NIODeadline.now() + deadline
        while true {
            if let value = await look() { return value }
            guard NIODeadline.now() < end else { return nil }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

/// What a receiver of Sidetone's wrote of one call.
struct ReceiverFiles: Sendable {
    var directory: String
    var call: String

    /// What `summary.json` of its first stream says.
    struct Summary: Sendable, Hashable {
        /// Packets of each track.
        var tracks: [String: Int] = [:]
        var gaps = 0
        var refused = 0

        func problems(expected: Int, tracks roles: [TrackRole] = TrackRole.allCases) -> [String] {
            var problems: [String] = []
            for role in roles where tracks[role.rawValue] != expected {
                problems.append("it counts \(tracks[role.rawValue] ?? 0) \(role.rawValue) packets of \(expected)")
            }
            if gaps > 0 { problems.append("it filled \(gaps) gaps") }
            if refused > 0 { problems.append("it refused \(refused) messages") }
            return problems
        }
    }

    private var folder: String { "\(directory)/\(call)" }

    /// Every file of the call, by its last name.
    var names: [String] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.contains(".") }.compactMap { $0.split(separator: "/").last.map(String.init) }.sorted()
    }

    /// Nil before it is there.
    func summary() -> Summary? {
        let streams = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for stream in streams.sorted() {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(stream)/summary.json") else { continue }
            return Self.read(Array(data))
        }
        return nil
    }

    static func read(_ bytes: [UInt8]) -> Summary? {
        var findings = Diagnostics()
        guard case .object(let object)? = JSONReader.read(bytes, into: &findings) else { return nil }
        var outer = FieldReader(object, .message)
        var summary = Summary()
        summary.refused = outer.whole("refused_messages", in: 0 ... .max) ?? 0
        for track in outer.object("tracks")?.members ?? [] {
            guard case .object(let counters) = track.value else { continue }
            var fields = FieldReader(counters, .message)
            summary.tracks[track.name] = fields.whole("packets", in: 0 ... .max) ?? 0
            summary.gaps += fields.whole("gaps", in: 0 ... .max) ?? 0
        }
        return summary
    }
}
