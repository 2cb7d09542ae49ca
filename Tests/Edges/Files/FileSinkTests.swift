import Foundation
import SidetoneModel
import Testing

@testable import SidetoneFiles
@testable import SidetonePipeline

@Suite struct FileSinkTests {
    private let directory: TemporaryDirectory
    private let folders: OutputFolders

    init() throws {
        directory = try TemporaryDirectory()
        folders = OutputFolders(directory: "\(directory.path)/out", logger: quiet)
    }

    private func items(_ stream: StreamInfo) -> [PipelineItem] {
        let track = makeTrack(.inbound)
        let rows = RowBlock(
            track: .inbound, grid: track.grid, columns: track.columns, firstRow: 0, values: [-1, 0.5])
        let outputs: [StreamOutput] = [
            .opened, .track(track), .samples(makeBlock(.inbound, at: 0)), .rows(rows),
            .signal(Signal("speech", .started, track: .inbound, start: 0)),
            .signal(Signal("speech", .ended, track: .inbound, start: 0, end: 0.1)),
            .message(CapturedMessage(message: .text("{}"), arrival: 0)), .ended(makeSummary()),
        ]
        return outputs.map { PipelineItem.stream(stream, $0) }
    }

    private func sink<Format: FileFormat>(_ format: Format.Type) -> any PipelineSink {
        Format.sink(.init(), folders: folders, logger: quiet)
    }

    @Test func `all sinks of a directory share a stream's folder`() async throws {
        for stream in [makeStream(), makeStream("MZ2")] {
            for format in FileSinks.all {
                let sink = sink(format)
                try await sink.write(items(stream))
                try await sink.close()
                try await sink.close()
            }
        }
        let names = try directory.names("out/CA1/MZ1")
        #expect(try directory.names("out/CA1") == ["MZ1", "MZ2"])
        #expect(try directory.names("out/CA1/MZ2") == names)
        let expected = ["call.wav", "capture.jsonl", "inbound.csv", "inbound.wav", "signals.jsonl", "summary.json"]
        #expect(Set(names).isSuperset(of: expected))
    }

    @Test func `a platform's folder is never overwritten`() async throws {
        for _ in 0..<3 {
            let sink = sink(RowsFormat<CSVRows>.self)
            try await sink.write(items(makeStream()))
            try await sink.close()
        }
        #expect(try directory.names("out/CA1") == ["MZ1", "MZ1-2", "MZ1-3"])
    }

    @Test func `every format writes the files that it declares, and no others`() async throws {
        for format in FileSinks.all {
            let stream = makeStream(call: format.name)
            let sink = sink(format)
            let outbound: [StreamOutput] = [.track(makeTrack(.outbound))]
            var items = items(stream)
            items.insert(contentsOf: outbound.map { .stream(stream, $0) }, at: 2)
            try await sink.write(items)
            try await sink.close()
            #expect(Set(try directory.names("out/\(format.name)/MZ1")) == Set(format.fileNames), "\(format.name)")
        }
    }

    @Test func `every file name has one content type`() {
        let outputs = FileSinks.all.flatMap { $0.outputs }
        #expect(Set(outputs.map(\.name)).count == Set(outputs).count)
        #expect(outputs.allSatisfy { $0.contentType.contains("/") })
        #expect(FileSinks.contentTypes["call.wav"] == "audio/wav")
        #expect(FileSinks.contentTypes["segments.vtt"] == "text/vtt; charset=utf-8")
    }

    @Test func `an input's folder is replaced on the next run`() async throws {
        for _ in 0..<2 {
            try folders.beginResults(of: "call 1.wav")
            for format in FileSinks.all {
                let sink = sink(format)
                try await sink.write(items(makeStream(input: "call 1.wav")))
                try await sink.close()
            }
            try folders.completeResults(of: "call 1.wav")
        }
        #expect(try directory.names("out") == [".sidetone", "call 1.wav"])
        #expect(try directory.text("out/call 1.wav/inbound.csv").split(separator: "\n").count == 2)
    }

    @Test func `two inputs of one name at one time get two folders`() async throws {
        let streams = [makeStream(input: "a"), makeStream(input: "a")]
        let sink = sink(RowsFormat<CSVRows>.self)
        for stream in streams { try await sink.write(Array(items(stream).dropLast())) }
        try await sink.close()
        #expect(try directory.names("out") == [".sidetone", "a", "a-2"])
    }

    @Test func `a folder name that could lead outside is made safe by the last check`() async throws {
        let stream = StreamInfo(
            start: makeStream().start, dialect: "d", startedAt: 0, folder: ["..", "../../x"], replacesFolder: false)
        let sink = sink(RowsFormat<CSVRows>.self)
        try await sink.write(items(stream))
        #expect(try directory.names() == ["out"])
        #expect(try directory.names("out").count == 2)
    }

    @Test func `a symbolic link in the way is not followed`() async throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/out/CA1", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(directory.path)/other", withIntermediateDirectories: true)
        symlink("\(directory.path)/other", "\(directory.path)/out/CA2")
        let sink = sink(RowsFormat<CSVRows>.self)
        await #expect(throws: FileError.self) { try await sink.write(items(makeStream(call: "CA2"))) }
        #expect(try directory.names("other") == [])
    }

    @Test func `a failing stream is abandoned without affecting others`() async throws {
        let sink = sink(RowsFormat<CSVRows>.self)
        let (bad, good) = (makeStream("MZ1"), makeStream("MZ2"))
        let (first, second) = (items(bad), items(good))
        try await sink.write([first[0], second[0]])
        // Another entry has the name of its file.
        try directory.write([], to: "out/CA1/MZ1/inbound.csv")
        let error = await #expect(throws: FileError.self) {
            try await sink.write(Array(zip(first, second).dropFirst().flatMap { [$0, $1] }))
        }
        #expect(error?.code == .nameTaken)
        #expect(try directory.text("out/CA1/MZ2/inbound.csv").split(separator: "\n").count == 2)
        #expect(try directory.bytes("out/CA1/MZ1/inbound.csv") == [])
    }

    @Test func `an abandoned file is named partial and is readable`() throws {
        let stream = makeStream()
        let files = try folders.files(of: stream)
        let wav = try WAVFormat(stream, settings: WAVSettings(), files: files)
        try wav.append(.track(makeTrack(.inbound)))
        try wav.append(.samples(makeBlock(.inbound, at: 0, count: 8_000)))
        files.abandon()
        #expect(try directory.names("out/CA1/MZ1") == ["call.partial.wav", "inbound.partial.wav"])
        let right = (0..<8_000).map { sample(.inbound, place: $0) }
        #expect(try samples("\(directory.path)/out/CA1/MZ1/inbound.partial.wav") == [right])
    }

    @Test func `a directory that cannot be created is reported with a remedy`() throws {
        try directory.write([], to: "file")
        let folders = OutputFolders(directory: "\(directory.path)/file/out", logger: quiet)
        let error = #expect(throws: FileError.self) { try folders.prepare() }
        #expect(error?.code == .notFound)
    }

    @Test func `a missing file is reported in the summary and by a signal`() async throws {
        let (bad, good) = (makeStream("MZ1"), makeStream("MZ2"))
        let rows = sink(RowsFormat<CSVRows>.self)
        let summary = sink(SummaryFormat.self)
        let opened = items(bad)[0]
        try await rows.write([opened])
        // Another entry has the name of its file.
        try directory.write([], to: "out/CA1/MZ1/inbound.csv")
        await #expect(throws: FileError.self) { try await rows.write(Array(items(bad).dropFirst())) }
        try await rows.write(items(good))
        for stream in [bad, good] { try await summary.write(items(stream)) }
        let missing = #""missing_files":[{"sink":"csv","file":"inbound.csv","reason":"nameTaken"}]"#
        #expect(try directory.text("out/CA1/MZ1/summary.json").contains(missing))
        #expect(try !directory.text("out/CA1/MZ2/summary.json").contains("missing_files"))
        let signals = bad.losses.due(now: .now, isLast: false)
        #expect(signals.map(\.name) == ["gap"])
        #expect(signals.first?.values.first == Signal.Entry("sink", .text("csv")))
    }

    @Test func `a summary that is already written is amended by a later loss`() async throws {
        let stream = makeStream()
        let summary = sink(SummaryFormat.self)
        try await summary.write(items(stream))
        #expect(try !directory.text("out/CA1/MZ1/summary.json").contains("missing_files"))
        let rows = sink(RowsFormat<CSVRows>.self)
        try directory.write([], to: "out/CA1/MZ1/inbound.csv")
        await #expect(throws: FileError.self) { try await rows.write(items(stream)) }
        #expect(try directory.text("out/CA1/MZ1/summary.json").contains(#""file":"inbound.csv""#))
        #expect(try directory.names("out/CA1/MZ1") == ["inbound.csv", "summary.json"])
    }

    @Test func `a summary that cannot be written is retried`() async throws {
        let stream = makeStream()
        let summary = sink(SummaryFormat.self)
        try await summary.write([items(stream)[0]])
        // A folder with the name of the file fails for root, too.
        let path = "\(directory.path)/out/CA1/MZ1/summary.json"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try directory.write([], to: "out/CA1/MZ1/summary.json/in-the-way")
        await #expect(throws: FileError.self) { try await summary.write(Array(items(stream).dropFirst())) }
        try FileManager.default.removeItem(atPath: path)
        try await summary.close()
        #expect(try directory.text("out/CA1/MZ1/summary.json").contains(#""reason":"stop""#))
    }

    @Test func `a full disk is reported as such`() throws {
        let full = OutputFile(name: "full", path: "/dev/full", descriptor: open("/dev/full", O_RDWR))
        let error = #expect(throws: FileError.self) { try full.append([1]) }
        #expect(error?.code == .diskFull)
        #expect(error?.description.contains("free some space") == true)
    }

    @Test func `many short streams leave no descriptor open`() async throws {
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        let sinks = FileSinks.all.map { sink($0) }
        for n in 0..<200 {
            let items = items(makeStream("MZ\(n)"))
            for sink in sinks { try await sink.write(items) }
        }
        let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        // Other tests run concurrently; a leak would be at least 200.
        #expect(after - before < 150)
    }
}
