import Foundation
import Logging
import SidetoneAnalysis
import SidetoneModel
import SidetonePipeline
import SidetoneTracks
import Synchronization

@testable import SidetoneStore

let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

/// A folder removed together with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sidetone-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    func bytes(_ name: String) -> Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes?[.size] as? Int64) ?? 0
    }
}

/// Folders of streams in memory, which record what the store requested and removed.
final class MadeUpFolders: StreamFolders {
    private struct State {
        var recordings: [String: [RecordedFile]] = [:]
        var isReleased = true
        var removed: [String] = []
    }

    private let state = Mutex(State())

    func put(_ files: [RecordedFile], in path: String) { state.withLock { $0.recordings[path] = files } }
    func release(_ isReleased: Bool) { state.withLock { $0.isReleased = isReleased } }
    var removed: [String] { state.withLock { $0.removed } }

    func path(of stream: StreamInfo) -> [String]? { stream.folder }
    func isReleased(_ stream: StreamInfo) -> Bool { state.withLock { $0.isReleased } }
    func recordings(in path: [String]) -> [RecordedFile] {
        state.withLock { $0.recordings[path.joined(separator: "/")] ?? [] }
    }
    func remove(_ path: [String], isTrial: Bool) throws -> RemovedFiles {
        state.withLock { if !isTrial { $0.removed.append(path.joined(separator: "/")) } }
        var removed = RemovedFiles()
        removed.files = 1
        removed.bytes = 10
        return removed
    }
}

/// The start of the calls in the tests, in seconds since 1970.
let noon = 1_772_366_400.0

func makeStream(_ id: String = "MZ1", call: String = "CA1", at startedAt: Double = noon, from: String? = nil)
    -> StreamInfo
{
    var start = StreamStart(
        streamID: id, callID: call, tracks: [.inbound, .outbound],
        format: MediaFormat(encoding: Encoding(rawValue: "PCMU"), sampleRate: 8_000))
    if let from { start.customParameters["from"] = from }
    return StreamInfo(start: start, dialect: "twilio", startedAt: startedAt, folder: [call, id], replacesFolder: false)
}

let columns = [
    Column("level_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "level"),
    Column("peak_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "peak"),
    Column("speech", unit: "", range: "0, 1", decimals: 0, "speech"),
    Column("f0_hz", unit: "Hz", range: "", decimals: 1, "F0"),
]

func makeTrack(_ role: TrackRole) -> TrackInfo {
    TrackInfo(role: role, grid: FrameGrid(sampleRate: 8_000), columns: columns)
}

/// A step whose level is −20 dBFS in even seconds and −50 in odd ones; even seconds are speech at 120 Hz.
func makeStep(_ role: TrackRole, number: Int64) -> OverviewSample {
    var step = OverviewSample(track: role, number: number)
    let isLoud = number / 10 % 2 == 0
    step.levelDBFS = isLoud ? -20 : -50
    step.peakDBFS = isLoud ? -10 : -40
    step.speech = isLoud
    if isLoud { step.f0Hz = 120 }
    (step.waveMin, step.waveMax) = (-0.25, 0.25)
    return step
}

func makeSummary(_ reason: EndReason = .stop, seconds: Int64 = 2, totals: CallTotals? = nil) -> StreamSummary {
    var counters = TrackCounters()
    counters.packets = 100
    counters.gaps = 1
    counters.concealedSamples = 160
    return StreamSummary(
        reason: reason,
        tracks: TrackRole.allCases.map {
            .init(role: $0, sampleRate: 8_000, samples: seconds * 8_000, rows: 198, counters: counters)
        },
        refusedMessages: 3, totals: totals)
}

/// The totals of a silent call.
var noTotals: CallTotals { CallSignals(settings: AnalysisSettings()).totals }

/// A complete call: tracks, `seconds` of steps, one talk spurt per track, and its end.
func makeCall(_ stream: StreamInfo, seconds: Int64 = 2, ends: Bool = true) -> [PipelineItem] {
    var outputs: [StreamOutput] = [.opened]
    for role in TrackRole.allCases { outputs.append(.track(makeTrack(role))) }
    for role in TrackRole.allCases {
        outputs.append(.signal(Signal("speech", .started, track: role, start: 0.25)))
        for number in 0..<(seconds * 10) { outputs.append(.step(makeStep(role, number: number))) }
        outputs.append(.signal(Signal("speech", .ended, track: role, start: 0.25, end: 1.5)))
    }
    if ends { outputs.append(.ended(makeSummary(seconds: seconds))) }
    return outputs.map { PipelineItem.stream(stream, $0) }
}

func makeSink(
    _ directory: TemporaryDirectory, folders: MadeUpFolders = MadeUpFolders(), at now: Double = noon,
    adjust: (inout StoreSettings) -> Void = { _ in }
) throws -> StoreSink {
    var settings = StoreSettings()
    settings.directory = directory.path
    adjust(&settings)
    return try StoreSink(settings, folders, now: { now }, quiet)
}
