import Foundation
import NIOCore
import SidetoneCallControl
import SidetoneJSON
import SidetoneModel

/// Compares the receiver's counters with those of the probe.
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
        // Counted at the end of the stream, which the receiver may notice later.
        let seen = await repeated(within: deadlines.receiver) { () -> ReceiverCounters? in
            guard let now = try? await counters(at: base) else { return nil }
            return now.messages - before.messages >= probe.messages ? now : nil
        }
        guard let seen else {
            throw walk.broken(
                .receiver, detail: "its counters are below the \(probe.messages) messages sent",
                advice: "check that this monitor belongs to the receiver of the stream URL")
        }
        let refused = seen.refusedMessages - before.refusedMessages
        guard refused == 0 else {
            throw walk.broken(
                .receiver, detail: "it counted \(seen.messages - before.messages) messages, and refused \(refused)",
                advice: "select the --platform whose dialect it reads, or set its dialect to auto")
        }
        walk.pass(.receiver, detail: "it counted \(seen.messages - before.messages) messages, none refused")
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
                    .receiver, detail: "\(directory) has no files of call \(probe.callID)",
                    advice: "set --directory to the receiver's output directory, and check that it has a summary sink")
            }
            return walk.warn(
                .receiver, detail: "it wrote \(names.prefix(5).joined(separator: ", ")), but no summary.json in time",
                advice: "add the summary sink, which counts packets")
        }
        let problems = seen.problems(expected: probe.packets, tracks: probe.tracks)
        guard problems.isEmpty else {
            throw walk.broken(
                .receiver, detail: problems.joined(separator: "; "),
                advice:
                    "check for a proxy that drops or delays messages, and select the --platform whose dialect it reads")
        }
        let counts = seen.tracks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        walk.pass(.receiver, detail: "its packet counts match (\(counts)), none lost or refused")
    }

    /// Polls until there is a result, or the deadline has passed.
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

/// The output files of a Sidetone receiver for one call.
struct ReceiverFiles: Sendable {
    var directory: String
    var call: String

    /// The values in `summary.json` of its first stream.
    struct Summary: Sendable, Hashable {
        /// Packets per track.
        var tracks: [String: Int] = [:]
        var gaps = 0
        var refused = 0

        func problems(expected: Int, tracks roles: [TrackRole] = TrackRole.allCases) -> [String] {
            var problems: [String] = []
            for role in roles where tracks[role.rawValue] != expected {
                problems.append("it counted \(tracks[role.rawValue] ?? 0) of \(expected) \(role.rawValue) packets")
            }
            if gaps > 0 { problems.append("it concealed \(gaps) gaps") }
            if refused > 0 { problems.append("it refused \(refused) messages") }
            return problems
        }
    }

    private var folder: String { "\(directory)/\(call)" }

    /// The file names of the call.
    var names: [String] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.contains(".") }.compactMap { $0.split(separator: "/").last.map(String.init) }.sorted()
    }

    /// Nil before it exists.
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
