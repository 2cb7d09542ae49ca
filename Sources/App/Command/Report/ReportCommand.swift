import Foundation
package import Logging
import SidetoneConfiguration
import SidetoneFiles
import SidetoneJSON
import SidetoneMonitor
import SidetonePipeline
import SidetoneService

/// Writes the report of a call or a file, for `sidetone report`. The call is analysed again from its output files: live
/// equals offline, so the results are those of the live call.
package struct ReportCommand: Sendable {
    private let input: AnalysisInput
    private let kept: Kept?
    private let audio: String?
    private let output: String
    private let logger: Logger

    /// - Parameters:
    /// - target: an audio file or a capture, or the ID of a call below `directory`.
    /// - keepsAudio: whether the recording is embedded for playback.
    /// - output: nil for the call's name with `.html`, in the current directory.
    /// - Throws: `Diagnostics` when the target does not exist.
    package init(_ target: String, directory: String, keepsAudio: Bool, output: String?, logger: Logger) throws {
        let path = try Self.path(of: target, in: directory)
        guard var input = try AnalysisInput.find([path], raw: nil).inputs.first else {
            throw Self.problem(target, detail: "contains no audio file and no capture")
        }
        kept = Kept(beside: path)
        if let kept { input.name = kept.call }
        self.input = input
        audio = keepsAudio ? try Self.recording(of: input, target) : nil
        self.output = output ?? "\(SafeName.inputName(input.name)).html"
        self.logger = logger
    }

    /// - Returns: the path of the report.
    package func run() async throws -> String {
        var settings = PipelineSettings.offline
        try settings.measure(["level", "f0", "speech"])
        let sink = ReportSink()
        let fanout = SinkFanout([SinkQueue(sink, limit: .max, logger: logger)])
        let stream = try settings.stream.withModels()
        _ = try await InputAnalysis(input, settings: stream, fanout: fanout, logger: logger).run { _ in }
        let bytes = try audio.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
        guard var report = await sink.report(audio: bytes) else {
            throw InputError(input.path, "contains no stream")
        }
        if let startedAt = kept?.startedAt {
            report.stream = StreamInfo(
                start: report.stream.start, dialect: report.stream.dialect, startedAt: startedAt,
                folder: report.stream.folder, replacesFolder: report.stream.replacesFolder)
        }
        try Data(try report.html().utf8).write(to: URL(filePath: output), options: .atomic)
        return output
    }

    /// The best source among a call's output files: its capture, otherwise its recordings.
    private static func path(of target: String, in directory: String) throws -> String {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: target, isDirectory: &isFolder), !isFolder.boolValue { return target }
        // The name of a call's folder is accepted as well as its ID.
        let named = [target, "\(directory)/\(SafeName.component(target))", "\(directory)/\(target)"]
        let call =
            isFolder.boolValue ? named[0] : named.dropFirst().first { files.fileExists(atPath: $0) } ?? named[1]
        let found = (files.enumerator(atPath: call)?.compactMap { $0 as? String } ?? []).sorted()
        for name in ["capture.jsonl", "call.wav", "inbound.wav", "outbound.wav"] {
            if let file = found.first(where: { $0 == name || $0.hasSuffix("/\(name)") }) { return "\(call)/\(file)" }
        }
        throw problem(
            target,
            detail:
                "is not a file, and \(call) contains neither capture.jsonl nor call.wav; specify a file, or a call below --directory"
        )
    }

    private static func recording(of input: AnalysisInput, _ target: String) throws -> String {
        guard input.kind == .capture else { return input.path }
        let recording = URL(filePath: input.path).deletingLastPathComponent().appending(path: "call.wav").path
        guard FileManager.default.fileExists(atPath: recording) else {
            throw problem(target, detail: "has no call.wav to embed; omit --audio")
        }
        return recording
    }

    private static func problem(_ target: String, detail: String) -> Diagnostics {
        Diagnostics(Diagnostic(file: target, line: 1, wrong: detail))
    }
}

/// The values of the `summary.json` beside a call's recording.
private struct Kept {
    var call: String
    /// Seconds since 1970.
    var startedAt: Double?

    init?(beside path: String) {
        let summary = URL(filePath: path).deletingLastPathComponent().appending(path: "summary.json")
        guard let data = try? Data(contentsOf: summary),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let call = object["call"] as? String
        else { return nil }
        self.call = call
        startedAt = (object["started_at"] as? String).flatMap { UTCTime($0)?.unixSeconds }
    }
}
