import Foundation
import GRDB
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

/// Behaviour when the file cannot be written, and after the process was killed.
@Suite struct StoreFaultTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func signal(_ stream: StreamInfo, number: Int) -> PipelineItem {
        .stream(stream, .signal(Signal("test", .moment, start: Double(number))))
    }

    @Test func `while the file is locked, records wait and none is lost`() async throws {
        let sink = try makeSink(directory)
        let stream = makeStream()
        try await sink.write([.stream(stream, .opened)])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: "\(directory.path)/calls.sqlite", configuration: configuration)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        try await sink.write([signal(stream, number: 1)])
        let during = await sink.counts
        #expect(during.failures == 1)
        #expect(during.waiting == 1)
        #expect(during.failure?.contains("another program") == true)
        #expect(sink.spool == SinkSpool(waiting: 1, lost: 0, failures: 1), "for everybody who asks how it fares")
        // Reads continue.
        #expect(try await sink.call("CA1")?.streams.count == 1)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        try await sink.write([signal(stream, number: 2), .stream(stream, .ended(makeSummary()))])
        let after = await sink.counts
        #expect(after.waiting == 0 && after.lost == 0 && after.failure == nil)
        #expect(sink.spool == SinkSpool(waiting: 0, lost: 0, failures: 1))
        #expect(try await sink.events(of: "CA1").count == 2)
        #expect(try await sink.call("CA1")?.endedAt != nil)
        try await sink.close()
    }

    @Test func `on a full disk the spool fills, then the newest records are lost and counted, and ends are kept`()
        async throws
    {
        let sink = try makeSink(directory) { $0.spoolMB = 1 }
        let stream = makeStream()
        try await sink.write([.stream(stream, .opened)])
        try await sink.database.pool.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        var lost: StoreError?
        for batch in 0..<100 {
            do { try await sink.write((0..<100).map { signal(stream, number: batch * 100 + $0) }) } catch {
                lost = error as? StoreError
            }
        }
        let during = await sink.counts
        #expect(during.failure?.contains("free some space") == true)
        #expect(during.lost > 1_000 && during.waiting > 500)
        #expect(during.lost + during.waiting == 10_000)
        // Retried at growing intervals, not once per batch.
        #expect(during.failures < 20)
        #expect(lost?.code == .lost)
        #expect(lost?.description.contains("free some space") == true)
        // A call that starts meanwhile is not stored, but the end of the first one is accepted.
        let second = makeStream("MZ2", call: "CA2", from: String(repeating: "1", count: 5_000))
        _ = try? await sink.write([
            .stream(second, .opened), signal(second, number: 1), .stream(second, .ended(makeSummary())),
        ])
        _ = try? await sink.write([.stream(stream, .ended(makeSummary()))])
        try await sink.database.pool.write { db in try db.execute(sql: "PRAGMA max_page_count = 1073741823") }
        for _ in 0..<64 { await sink.tick() }
        let after = await sink.counts
        #expect(after.failure == nil && after.waiting == 0)
        #expect(try await sink.events(of: "CA1").count == during.waiting)
        #expect(try await sink.call("CA1")?.endedAt != nil)
        #expect(try await sink.call("CA2") == nil)
        // Writing continues normally.
        try await sink.write(makeCall(makeStream("MZ3", call: "CA3")))
        #expect(try await sink.events(of: "CA3").count == 4)
        // Losses are reported once more at the end.
        let last = await #expect(throws: StoreError.self) { try await sink.close() }
        #expect(last?.code == .lost)
    }

    @Test func `records that cannot be written until the end are reported as lost`() async throws {
        let sink = try makeSink(directory)
        let stream = makeStream()
        try await sink.write([.stream(stream, .opened)])
        try await sink.database.pool.write { db in try db.execute(sql: "PRAGMA query_only = 1") }
        try await sink.write([signal(stream, number: 1)])
        let error = await #expect(throws: StoreError.self) { try await sink.close() }
        #expect(error?.code == .lost)
        #expect(error?.detail.contains("1 records were lost") == true)
    }

    @Test func `streams of a killed process are ended as lost, with their recordings`() async throws {
        let folders = MadeUpFolders()
        let stream = makeStream()
        do {
            let sink = try makeSink(directory, folders: folders)
            try await sink.write(makeCall(stream, seconds: 12, ends: false))
            try await sink.write(makeCall(makeStream("MZ2", call: "CA2")))
            // No end and no close: the lock is released with the process.
            sink.database.close()
        }
        folders.put([RecordedFile(name: "inbound.wav", bytes: 160_044, seconds: 10)], in: "CA1/MZ1")
        let sink = try makeSink(directory, folders: folders)
        let call = try #require(try await sink.call("CA1"))
        #expect(call.streams.map(\.reason) == ["lost"])
        // The overview was written up to its last complete piece.
        #expect(call.endedAt == noon + 10)
        #expect(try await sink.call("CA2")?.streams.map(\.reason) == ["stop"])
        #expect(try await sink.recordings(of: "CA1", before: nil, limit: 10).map(\.file.seconds) == [10])
        // Numbers continue.
        try await sink.write(makeCall(makeStream("MZ3", call: "CA3")))
        #expect(try await sink.events(of: "CA3").count == 4)
        #expect(try await sink.calls(CallQuery()).count == 3)
        try await sink.close()
    }

    @Test func `a record of a purged call is skipped, and the others are written`() async throws {
        let folders = MadeUpFolders()
        folders.release(false)
        let sink = try makeSink(directory, folders: folders)
        try await sink.write(makeCall(makeStream()))
        let purge = CallPurge(
            writer: try CallDatabase.existing(directory.path, readonly: false), path: directory.path, folders: nil)
        var removed: [String] = []
        try purge.run(calls: ["CA1"]) { removed.append($0.id) }
        #expect(removed == ["CA1"])
        folders.put([RecordedFile(name: "call.wav", bytes: 44, seconds: 0)], in: "CA1/MZ1")
        folders.release(true)
        try await sink.write(makeCall(makeStream("MZ2", call: "CA2")))
        let counts = await sink.counts
        #expect(counts.waiting == 0 && counts.failures == 0)
        #expect(try await sink.calls(CallQuery()).map(\.id) == ["CA2"])
        try await sink.close()
    }

    @Test(.timeLimit(.minutes(3)))
    func `ten thousand short calls leak no memory or descriptor and make a small file`() async throws {
        let sink = try makeSink(directory)
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for n in 0..<10_000 {
            let stream = makeStream("MZ\(n)", call: "CA\(n)", at: noon + Double(n))
            try await sink.write(makeCall(stream, seconds: 1))
        }
        let counts = await sink.counts
        #expect(counts.openStreams == 0 && counts.waiting == 0 && counts.lost == 0 && counts.failures == 0)
        let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        // Other suites run concurrently; a leak would be thousands.
        #expect(after - before < 100)
        #expect(try await sink.calls(CallQuery(limit: 20_000)).count == 10_000)
        try await sink.close()
        // Four events of 300 bytes, two overviews of 80, a summary of 700, and rows of small numbers.
        #expect(directory.bytes("calls.sqlite") < 10_000 * 4_096)
        #expect(!directory.has("calls.sqlite-wal"), "closed whole")
    }
}
