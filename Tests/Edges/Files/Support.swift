import Foundation
import Logging
import SidetoneModel
import SidetonePipeline
import SidetoneTracks

@testable import SidetoneFiles

/// A directory removed together with its owner.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/sidetone-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func names(_ folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}

let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

/// A stream of a platform, or of an input file when `input` is given.
func makeStream(_ id: String = "MZ1", call: String = "CA1", input: String? = nil) -> StreamInfo {
    StreamInfo(
        start: StreamStart(
            streamID: id, callID: call, tracks: [.inbound, .outbound],
            format: MediaFormat(encoding: Encoding(rawValue: "PCMU"), sampleRate: 8_000)),
        dialect: "twilio", startedAt: 1_772_366_400, folder: input.map { [$0] } ?? [call, id],
        replacesFolder: input != nil)
}

let level = Column("level_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "level")
let flatness = Column("flatness", unit: "", range: "0…1", decimals: 4, "flatness")

func makeTrack(_ role: TrackRole, rate: Int = 8_000) -> TrackInfo {
    TrackInfo(role: role, grid: FrameGrid(sampleRate: rate), columns: [level, flatness])
}

/// A sample that encodes its position and its track.
func sample(_ role: TrackRole, place: Int64) -> Int16 {
    Int16(truncatingIfNeeded: (place % 15_000 + 1) * (role == .inbound ? 1 : -1))
}

func makeBlock(_ role: TrackRole, at first: Int64, count: Int64 = 1_600, rate: Int = 8_000) -> SampleBlock {
    SampleBlock(
        track: role, sampleRate: rate, firstSample: first,
        samples: (first..<first + count).map { sample(role, place: $0) })
}

func makeSummary(_ reason: EndReason = .stop, seconds: Int64 = 2) -> StreamSummary {
    var counters = TrackCounters()
    counters.packets = 100
    counters.gaps = 1
    counters.concealedSamples = 160
    return StreamSummary(
        reason: reason,
        tracks: [.init(role: .inbound, sampleRate: 8_000, samples: seconds * 8_000, rows: 198, counters: counters)],
        refusedMessages: 3, totals: nil)
}

/// All samples of an audio file, one array per channel.
func samples(_ path: String) throws -> [[Int16]] {
    let reader = try AudioFileReader(path: path)
    var all = [[Int16]](repeating: [], count: reader.channels)
    var piece: [[Int16]] = []
    while try reader.read(4_096, into: &piece) > 0 {
        for channel in all.indices { all[channel] += piece[channel] }
    }
    return all
}

/// A format of one stream, driven without its actor.
func makeFormat<Format: FileFormat>(
    _ type: Format.Type, stream: StreamInfo, in directory: TemporaryDirectory, settings: Format.Settings = .init()
) throws -> Format {
    let folders = OutputFolders(directory: directory.path, logger: quiet)
    return try Format(stream, settings: settings, files: try folders.files(of: stream))
}
