import Foundation
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

/// The results of one input: under `.partial` until all of them are complete.
@Suite struct ResultFileTests {
    private let directory: TemporaryDirectory
    private let folders: OutputFolders

    init() throws {
        directory = try TemporaryDirectory()
        folders = OutputFolders(directory: "\(directory.path)/out", logger: quiet)
        try directory.write([1, 2, 3], to: "a.wav")
    }

    private var isComplete: Bool {
        OutputFolders.hasCompleteResults(
            of: "a", in: "\(directory.path)/out", hasSummary: true, input: "\(directory.path)/a.wav")
    }

    private func write(_ folders: OutputFolders, ends: Bool = true) async throws {
        let stream = makeStream(input: "a")
        let block = RowBlock(
            track: .inbound, grid: makeTrack(.inbound).grid, columns: makeTrack(.inbound).columns, firstRow: 0,
            values: [-1, 0.5])
        let outputs: [StreamOutput] = [.opened, .track(makeTrack(.inbound)), .rows(block)]
        let sinks: [any PipelineSink] = [
            SummaryFormat.sink(.init(), folders: folders, logger: quiet),
            RowsFormat<CSVRows>.sink(.init(), folders: folders, logger: quiet),
        ]
        for sink in sinks {
            try await sink.write((outputs + (ends ? [.ended(makeSummary())] : [])).map { .stream(stream, $0) })
            try await sink.close()
        }
    }

    @Test func `files carry partial until all of them are complete`() async throws {
        try folders.beginResults(of: "a")
        try await write(folders)
        #expect(try directory.names("out/a") == ["inbound.csv.partial", "summary.json.partial"])
        #expect(!isComplete)
        try folders.completeResults(of: "a")
        #expect(try directory.names("out/a") == ["inbound.csv", "summary.json"])
        #expect(isComplete)
    }

    @Test func `an unfinished run leaves no file under a final name`() async throws {
        try await write(folders, ends: false)
        #expect(try directory.names("out/a") == ["inbound.csv.partial"])
        #expect(!isComplete)
    }

    @Test func `results are not complete after a kill between two renamings`() async throws {
        try await write(folders)
        try FileManager.default.moveItem(
            atPath: "\(directory.path)/out/a/summary.json.partial", toPath: "\(directory.path)/out/a/summary.json")
        #expect(!isComplete)
    }

    @Test func `the next run removes the files of an earlier one, and nothing else`() async throws {
        try await write(folders)
        try folders.completeResults(of: "a")
        for name in ["notes.txt", "call.wav", "inbound.jsonl.partial", "failed.json"] {
            try directory.write([1], to: "out/a/\(name)")
        }
        try folders.beginResults(of: "a")
        #expect(try directory.names("out/a") == ["notes.txt"])
        try folders.beginResults(of: "of an input that never was")
    }

    @Test func `results older than their input are outdated`() async throws {
        try await write(folders)
        try folders.completeResults(of: "a")
        let later = Date(timeIntervalSinceNow: 3_600)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: "\(directory.path)/a.wav")
        #expect(!isComplete)
    }

    @Test func `a failed input is marked, and the next run removes the mark`() async throws {
        try folders.failResults(of: "a", json: Array("{}".utf8))
        #expect(try directory.text("out/a/failed.json") == "{}")
        #expect(!isComplete)
        try folders.beginResults(of: "a")
        #expect(try directory.names("out/a") == [])
    }

    @Test func `an input is never overwritten by its own results`() async throws {
        try FileManager.default.createDirectory(atPath: "\(directory.path)/out/a", withIntermediateDirectories: true)
        try directory.write(Array("mine".utf8), to: "out/a/inbound.csv")
        let guarded = OutputFolders(
            directory: "\(directory.path)/out", inputs: ["\(directory.path)/out/a/inbound.csv"], logger: quiet)
        try guarded.beginResults(of: "a")
        let error = await #expect(throws: FileError.self) { try await write(guarded) }
        #expect(error?.code == .nameTaken && error?.detail.contains("-o") == true)
        #expect(try directory.text("out/a/inbound.csv") == "mine")
    }
}
