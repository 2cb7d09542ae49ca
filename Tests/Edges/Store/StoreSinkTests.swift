import Foundation
import GRDB
import SidetoneAnalysis
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

@Suite struct StoreSinkTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `a call is stored with its streams, signals, overview and recordings`() async throws {
        let folders = MadeUpFolders()
        folders.put([RecordedFile(name: "inbound.wav", bytes: 32_044, seconds: 2)], in: "CA1/MZ1")
        let sink = try makeSink(directory, folders: folders)
        try await sink.write(makeCall(makeStream()))
        let call = try #require(try await sink.call("CA1"))
        #expect(call.startedAt == noon)
        #expect(call.endedAt == noon + 2)
        let stream = try #require(call.streams.first)
        #expect(call.streams.count == 1)
        #expect([stream.id, stream.dialect, stream.codec, stream.reason] == ["MZ1", "twilio", "PCMU", "stop"])
        #expect(stream.folder == ["CA1", "MZ1"])
        #expect(stream.summary?.contains("\"refused_messages\":3") == true)
        let events = try await sink.events(of: "CA1")
        #expect(events.count == 4)
        #expect(events.first?.contains("\"id\":\"MZ1-1\"") == true)
        #expect(events.last?.contains("sidetone.speech.ended.v1") == true)
        let recordings = try await sink.recordings(of: "CA1", before: nil, limit: 10)
        #expect(recordings.map(\.file.name) == ["inbound.wav"])
        #expect(recordings.first?.folder == ["CA1", "MZ1"])
        try await sink.close()
    }

    @Test func `a summary that is already stored follows a later loss`() async throws {
        let sink = try makeSink(directory)
        let stream = makeStream()
        try await sink.write(makeCall(stream))
        let before = try #require(try await sink.call("CA1")?.streams.first?.summary)
        #expect(!before.contains("missing_files"))
        stream.losses.add([.init(sink: "csv", name: "inbound.csv", reason: "diskFull")], of: stream)
        await sink.tick()
        let after = try #require(try await sink.call("CA1")?.streams.first?.summary)
        #expect(after.contains(#""missing_files":[{"sink":"csv","file":"inbound.csv","reason":"diskFull"}]"#))
        // One that is lost while the sinks close is stored, too.
        stream.losses.add([.init(sink: "wav", name: "call.wav", reason: "diskFull")], of: stream)
        try await sink.close()
        let reader = try CallReader(directory: directory.path)
        #expect(try await reader.call("CA1")?.streams.first?.summary?.contains("call.wav") == true)
    }

    @Test func `a running call is active, and its end is told by its last stream`() async throws {
        let sink = try makeSink(directory)
        let (first, second) = (makeStream("MZ1"), makeStream("MZ2", at: noon + 1))
        try await sink.write(makeCall(first, ends: false) + makeCall(second, ends: false))
        #expect(try await sink.calls(CallQuery(state: .active)).map(\.id) == ["CA1"])
        try await sink.write([.stream(first, .ended(makeSummary()))])
        #expect(try await sink.calls(CallQuery(state: .ended)) == [])
        try await sink.write([.stream(second, .ended(makeSummary(.closed)))])
        let ended = try await sink.calls(CallQuery(state: .ended))
        #expect(ended.map(\.endedAt) == [noon + 3])
        #expect(ended.first?.streams.map(\.reason) == ["stop", "closed"])
        try await sink.close()
    }

    @Test func `pages list all calls once, also calls with the same start`() async throws {
        let sink = try makeSink(directory)
        for n in 0..<25 {
            try await sink.write(makeCall(makeStream("MZ\(n)", call: "CA\(n)", at: noon + Double(n / 10))))
        }
        var seen: [String] = []
        var query = CallQuery(limit: 4)
        while true {
            let page = try await sink.calls(query)
            guard let last = page.last else { break }
            seen += page.map(\.id)
            query.before = last.startedAt
            query.beforeID = last.id
        }
        #expect(seen.count == 25)
        #expect(Set(seen).count == 25)
        #expect(seen.first == "CA24")
        try await sink.close()
    }

    @Test func `the overview decodes within its resolution, and in parts`() async throws {
        let sink = try makeSink(directory)
        // 23 s: two complete pieces and a partial one.
        try await sink.write(makeCall(makeStream(), seconds: 23))
        let all = try await sink.overview(of: "CA1", from: 0, to: .infinity)
        #expect(all.map(\.role) == [.inbound, .outbound])
        #expect(all.map(\.count) == [230, 230])
        let track = try #require(all.first)
        #expect(track.first == 0)
        for step in 0..<230 {
            let isLoud = step / 10 % 2 == 0
            #expect(abs(track.levelDBFS[step] - (isLoud ? -20 : -50)) <= 0.2, "half of 0.4 dB")
            #expect(track.speech[step] == isLoud)
            if isLoud {
                #expect(abs(log2(track.f0Hz[step] / 120)) <= 0.5 / 48)
            } else {
                #expect(track.f0Hz[step].isNaN)
            }
        }
        let part = try await sink.overview(of: "CA1", from: 9.5, to: 12)
        #expect(part.map(\.first) == [95, 95])
        #expect(part.map(\.count) == [25, 25])
        #expect(try await sink.overview(of: "CA1", from: 100, to: 200) == [])
        #expect(try await sink.overview(of: "CA2", from: 0, to: 200) == [])
        try await sink.close()
    }

    @Test func `the streams of a call are at their positions on its clock`() async throws {
        let sink = try makeSink(directory)
        try await sink.write(
            makeCall(makeStream("MZ1"), seconds: 2) + makeCall(makeStream("MZ2", at: noon + 5), seconds: 2))
        let pieces = try await sink.overview(of: "CA1", from: 0, to: 60)
        #expect(pieces.map(\.role) == [.inbound, .inbound, .outbound, .outbound])
        #expect(pieces.map(\.first) == [0, 50, 0, 50])
        try await sink.close()
    }

    @Test func `numbers are masked unless kept by setting, and come from streams and logs`() async throws {
        for keeps in [false, true] {
            let directory = try TemporaryDirectory()
            let sink = try makeSink(directory) { $0.keepNumbers = keeps }
            let entry = CallLogEntry(
                time: noon - 1, log: .webhook, call: "CA1", event: "call.initiated",
                values: [
                    .init("from", .text("+4930111222")), .init("to", .text("+4930333444")),
                    .init("attempt", .integer(1)),
                    .init("late_s", .number(0.5)), .init("signed", .flag(true)),
                ])
            try await sink.write([.log(entry)] + makeCall(makeStream()))
            try await sink.write(makeCall(makeStream("MZ2", call: "CA2", from: "+4930555666")))
            let call = try #require(try await sink.call("CA1"))
            #expect(call.from == (keeps ? "+4930111222" : "+49••••••22"))
            #expect(call.to == (keeps ? "+4930333444" : "+49••••••44"))
            #expect(try await sink.call("CA2")?.from == (keeps ? "+4930555666" : "+49••••••66"))
            let log = try await sink.log(of: "CA1")
            #expect(log.count == 1)
            #expect(log.first?.event == "call.initiated")
            #expect(log.first?.values.map(\.name) == ["from", "to", "attempt", "late_s", "signed"])
            #expect(log.first?.values.last?.value == .flag(true))
            #expect(log.first?.values[2].value == .integer(1))
            #expect(log.first?.values[3].value == .number(0.5))
            try await sink.close()
            let bytes = try Data(contentsOf: URL(filePath: "\(directory.path)/calls.sqlite"))
            #expect((bytes.range(of: Data("30111222".utf8)) != nil) == keeps)
        }
    }

    @Test func `recordings are listed once they are complete`() async throws {
        let folders = MadeUpFolders()
        folders.release(false)
        folders.put([RecordedFile(name: "call.wav", bytes: 44, seconds: 0)], in: "CA1/MZ1")
        let sink = try makeSink(directory, folders: folders)
        try await sink.write(makeCall(makeStream()))
        #expect(try await sink.recordings(of: nil, before: nil, limit: 10) == [])
        folders.put([RecordedFile(name: "call.wav", bytes: 64_044, seconds: 2)], in: "CA1/MZ1")
        folders.release(true)
        await sink.tick()
        #expect(try await sink.recordings(of: nil, before: nil, limit: 10).map(\.file.bytes) == [64_044])
        #expect(try await sink.recordings(of: nil, before: noon, limit: 10) == [])
        try await sink.close()
    }

    @Test func `a second writer of one directory is refused with a remedy`() async throws {
        let sink = try makeSink(directory)
        let error = #expect(throws: StoreError.self) { try makeSink(directory) }
        #expect(error?.code == .inUse)
        #expect(error?.description.contains("another directory") == true)
        try await sink.close()
        try await makeSink(directory).close()
    }

    @Test func `a file that is not a history is refused and not touched`() async throws {
        try Data("this is not a database, but long enough to look like one".utf8)
            .write(to: URL(filePath: "\(directory.path)/calls.sqlite"))
        let error = #expect(throws: StoreError.self) { try makeSink(directory) }
        #expect(error?.code == .damaged)
        #expect(directory.bytes("calls.sqlite") == 56)
        #expect(throws: StoreError.self) { try CallReader(directory: directory.path) }
    }

    @Test func `a missing directory is reported`() throws {
        let error = #expect(throws: StoreError.self) { try CallReader(directory: "\(directory.path)/none") }
        #expect(error?.code == .notFound)
        #expect(error?.description.contains("store: { directory:") == true)
    }

    @Test func `closing twice, and before the first write, is safe`() async throws {
        let sink = try makeSink(directory)
        try await sink.close()
        try await sink.close()
    }

    @Test func `the totals are a view of the summaries`() async throws {
        var totals = noTotals
        totals.inbound.speechSeconds = 1.25
        totals.outbound.talkSpurts = 7
        let sink = try makeSink(directory)
        let stream = makeStream()
        try await sink.write([
            .stream(stream, .opened), .stream(stream, .ended(makeSummary(totals: totals))),
        ])
        let rows = try await sink.database.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT track, speech_seconds, talk_spurts FROM totals ORDER BY track")
                .map {
                    ["\($0["track"] as String)", "\($0["speech_seconds"] as Double)", "\($0["talk_spurts"] as Int)"]
                }
        }
        #expect(rows == [["inbound", "1.25", "0"], ["outbound", "0.0", "7"]])
        try await sink.close()
    }
}
