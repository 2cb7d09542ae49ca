import Foundation
import GRDB
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

@Suite struct CallPurgeTests {
    private let directory: TemporaryDirectory
    private let folders = MadeUpFolders()

    init() throws { directory = try TemporaryDirectory() }

    /// A history with calls that ended the given number of days before noon; CA0 is active.
    private func makeHistory(_ days: [Int]) async throws -> StoreSink {
        let sink = try makeSink(directory, folders: folders)
        for (n, age) in days.enumerated() {
            let stream = makeStream("MZ\(n)", call: "CA\(n)", at: noon - Double(age) * 86_400)
            let entry = CallLogEntry(time: stream.startedAt, log: .receiver, call: "CA\(n)", event: "stream.opened")
            try await sink.write([.log(entry)] + makeCall(stream, ends: age > 0))
        }
        return sink
    }

    private func purge(_ removesFolders: Bool = false, isTrial: Bool = false) throws -> CallPurge {
        try CallPurge(directory: directory.path, folders: folders, removesFolders: removesFolders, isTrial: isTrial)
    }

    private func rows(_ table: String) throws -> Int {
        try CallDatabase.existing(directory.path, readonly: true).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }

    @Test func `older calls are removed with all their records, while a writer is running`() async throws {
        let sink = try await makeHistory([0, 1, 40, 50])
        var removed: [String] = []
        try purge(true).run(endedBefore: noon - 30 * 86_400) { removed.append($0.id) }
        #expect(removed == ["CA3", "CA2"])
        #expect(folders.removed == ["CA3/MZ3", "CA2/MZ2"])
        #expect(try await sink.calls(CallQuery()).map(\.id) == ["CA0", "CA1"])
        for (table, count) in [
            ("streams", 2), ("tracks", 4), ("signals", 8), ("spurts", 4), ("overview", 2), ("log", 2),
        ] {
            #expect(try rows(table) == count, "\(table)")
        }
        try await sink.close()
    }

    @Test func `a dry run removes nothing and reports the same`() async throws {
        let sink = try await makeHistory([0, 40])
        var removed: [CallPurge.Call] = []
        try purge(true, isTrial: true).run(endedBefore: noon - 30 * 86_400) { removed.append($0) }
        #expect(removed.map(\.id) == ["CA1"])
        #expect(removed.first?.files.bytes == 10)
        #expect(folders.removed == [])
        #expect(try await sink.calls(CallQuery()).count == 2)
        try await sink.close()
    }

    @Test func `calls are removed by id, and folders are kept unless requested`() async throws {
        let sink = try await makeHistory([0, 1, 2])
        var removed: [String] = []
        try purge().run(calls: ["CA2", "CA2"]) { removed.append($0.id) }
        #expect(removed == ["CA2"])
        #expect(folders.removed == [])
        #expect(try await sink.call("CA2") == nil)
        try await sink.close()
    }

    @Test func `an open stream or an unknown call aborts the purge`() async throws {
        let sink = try await makeHistory([0, 1])
        for (id, code) in [("CA0", StoreError.Code.stillOpen), ("CA9", .unknownName)] {
            let error = #expect(throws: StoreError.self) { try purge(true).run(calls: ["CA1", id]) { _ in } }
            #expect(error?.code == code)
        }
        #expect(try await sink.calls(CallQuery()).count == 2)
        #expect(folders.removed == [])
        try await sink.close()
    }

    @Test func `without a running pipeline, streams left open are ended first`() async throws {
        let sink = try await makeHistory([0])
        sink.database.close()
        var removed: [String] = []
        try purge().run(calls: ["CA0"]) { removed.append($0.id) }
        #expect(removed == ["CA0"])
    }

    @Test func `the file shrinks`() async throws {
        let sink = try makeSink(directory, folders: folders)
        for n in 0..<60 { try await sink.write(makeCall(makeStream("MZ\(n)", call: "CA\(n)"), seconds: 120)) }
        try await sink.close()
        let before = directory.bytes("calls.sqlite")
        var count = 0
        try purge().run(endedBefore: .greatestFiniteMagnitude) { _ in count += 1 }
        #expect(count == 60)
        #expect(before > 400_000)
        #expect(directory.bytes("calls.sqlite") < before / 4)
    }

    @Test func `retention removes old calls, a few at a time, and folders only if configured`() async throws {
        for removesFiles in [false, true] {
            let directory = try TemporaryDirectory()
            let folders = MadeUpFolders()
            let sink = try makeSink(directory, folders: folders) {
                $0.retentionDays = 30
                $0.retentionFiles = removesFiles
            }
            for n in 0..<120 {
                try await sink.write(makeCall(makeStream("MZ\(n)", call: "CA\(n)", at: noon - Double(n) * 86_400)))
            }
            let stray = CallLogEntry(time: noon - 31 * 86_400, log: .receiver, call: "", event: "upgrade.refused")
            try await sink.write([.log(stray)])
            var runs = 1
            while await !sink.retain() { runs += 1 }
            #expect(runs == 2)
            let left = try await sink.calls(CallQuery(limit: 1_000))
            #expect(left.count == 31)
            #expect(left.last?.id == "CA30")
            #expect(try await sink.log(of: "") == [])
            #expect(folders.removed.count == (removesFiles ? 89 : 0))
            try await sink.close()
        }
    }

    @Test func `without retention nothing is removed`() async throws {
        let sink = try makeSink(directory, folders: folders) { $0.retentionDays = 0 }
        try await sink.write(makeCall(makeStream(at: 0)))
        #expect(await sink.retain())
        #expect(try await sink.calls(CallQuery()).count == 1)
        try await sink.close()
    }
}
