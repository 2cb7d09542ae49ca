import Foundation
import GRDB
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

@Suite struct MigrationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func place(_ fixture: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        try FileManager.default.copyItem(
            at: folder.appending(path: "\(fixture).sqlite"), to: URL(filePath: "\(directory.path)/calls.sqlite"))
    }

    @Test func `a file of version 1 is opened, read and continued`() async throws {
        try place("version-1")
        let sink = try makeSink(directory)
        let call = try #require(try await sink.call("CA1"))
        #expect(call.endedAt == noon + 12)
        #expect(call.from == "+49••••••22")
        #expect(call.streams.map(\.reason) == ["stop"])
        #expect(try await sink.events(of: "CA1").count == 4)
        #expect(try await sink.overview(of: "CA1", from: 0, to: 60).map(\.count) == [120, 120])
        #expect(try await sink.log(of: "CA1").map(\.event) == ["stream.opened"])
        #expect(try await sink.recordings(of: "CA1", before: nil, limit: 9).map(\.file.seconds) == [12])
        try await sink.write(makeCall(makeStream("MZ2", call: "CA2")))
        #expect(try await sink.calls(CallQuery()).count == 2)
        try await sink.close()
    }

    @Test func `a file of version 1 can be read without a pipeline`() async throws {
        try place("version-1")
        #expect(try await CallReader(directory: directory.path).calls(CallQuery()).map(\.id) == ["CA1"])
    }

    @Test func `a file of a newer version is refused and not touched`() async throws {
        try place("version-1")
        let queue = try DatabaseQueue(path: "\(directory.path)/calls.sqlite")
        try await queue.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('from the future')")
        }
        try queue.close()
        let error = #expect(throws: StoreError.self) { try makeSink(directory) }
        #expect(error?.code == .newer)
        #expect(error?.description.contains("newer version of sidetone") == true)
        #expect(throws: StoreError.self) { try CallReader(directory: directory.path) }
    }

    @Test func `every version passes SQLite's integrity checks`() async throws {
        try place("version-1")
        let sink = try makeSink(directory)
        let found = try await sink.database.pool.read { db in
            (
                try String.fetchAll(db, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count,
                try Int.fetchOne(db, sql: "PRAGMA application_id"), try Int.fetchOne(db, sql: "PRAGMA auto_vacuum")
            )
        }
        #expect(found.0 == ["ok"])
        #expect(found.1 == 0)
        #expect(found.2 == StoreSchema.applicationID)
        #expect(found.3 == 2)
        try await sink.close()
    }

    /// Creates the fixture of the current version, once, when that version is published:
    /// `SIDETONE_MAKE_FIXTURE=FILE swift test --filter 'makes the fixture'`.
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["SIDETONE_MAKE_FIXTURE"] != nil, "makes a file, tests nothing")
    )
    func `makes the fixture of the current version`() async throws {
        let folders = MadeUpFolders()
        folders.put([RecordedFile(name: "call.wav", bytes: 384_044, seconds: 12)], in: "CA1/MZ1")
        let sink = try makeSink(directory, folders: folders)
        let entry = CallLogEntry(time: noon, log: .receiver, call: "CA1", event: "stream.opened")
        try await sink.write([.log(entry)] + makeCall(makeStream(from: "+4930111222"), seconds: 12))
        try await sink.close()
        let target = ProcessInfo.processInfo.environment["SIDETONE_MAKE_FIXTURE"] ?? ""
        try FileManager.default.copyItem(atPath: "\(directory.path)/calls.sqlite", toPath: target)
    }
}
