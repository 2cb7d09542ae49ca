import SidetoneModel
import SidetoneTestDoubles
import SidetoneTracks
import Testing

@testable import SidetonePipeline

/// Gaps of minutes leave in parts, whichever way they come about: no message and no end of a stream emits all at once.
@Suite(.timeLimit(.minutes(2))) struct LongGapTests {
    private let recorder = Recorder([.rows, .samples, .signals])

    /// 25 slices of 200 ms for each track, as many of the other one beside them, and the packet's own: a hop is 10 ms.
    private static let rowsPerPart: Int64 = 2 * 2 * 25 * 20 + 200

    private func ingest(maxGapS: Int = 300) -> StreamIngest {
        var settings = StreamSettings()
        settings.timeline.maxGapS = maxGapS
        return StreamIngest(
            dialect: "twilio", settings: settings, fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
    }

    /// Packets of both tracks in turn, in the order of time.
    private func both(_ numbers: Range<Int>) -> [MediaPacket] {
        numbers.flatMap { n in TrackRole.allCases.map { packets($0, numbers: n..<n + 1)[0] } }
    }

    /// Packets as above, `seconds` later by their timestamps and after a lost one.
    private func leapt(_ packets: [MediaPacket], by seconds: Int) -> [MediaPacket] {
        packets.map { packet in
            var packet = packet
            packet.timestampMs = packet.timestampMs.map { $0 + Int64(seconds) * 1_000 }
            packet.chunk = packet.chunk.map { $0 + 1 }
            return packet
        }
    }

    @Test(arguments: [300, 3_600])
    func `no packet after a leap emits more than its part`(seconds: Int) async throws {
        let ingest = ingest(maxGapS: seconds)
        try await ingest.accept(.start(start()))
        for packet in both(0..<10) { try await ingest.accept(.media(packet)) }
        var (last, most) = (await ingest.rowCount, Int64(0))
        for packet in leapt(both(10..<900), by: seconds - 1) {
            try await ingest.accept(.media(packet))
            let count = await ingest.rowCount
            (last, most) = (count, max(most, count - last))
        }
        #expect(most <= Self.rowsPerPart)
        #expect(await !ingest.isFilling)
        let summary = try #require(await ingest.end(.stop))
        #expect(summary.seconds == Double(seconds - 1) + 18)
    }

    @Test func `the end of a stream within a gap of 300 s comes in parts, with all that belongs to it`() async throws {
        let ingest = ingest()
        try await ingest.accept(.start(start()))
        for packet in both(0..<10) { try await ingest.accept(.media(packet)) }
        // Both wait for what is missing before them.
        for packet in leapt(both(10..<12), by: 299) { try await ingest.accept(.media(packet)) }
        var last = await ingest.rowCount
        #expect(last < 100)
        try await ingest.accept(.stop)
        var parts = 1
        #expect(await ingest.rowCount - last <= Self.rowsPerPart)
        last = await ingest.rowCount
        while await ingest.continueEnd() {
            parts += 1
            let count = await ingest.rowCount
            #expect(count - last <= Self.rowsPerPart)
            last = count
        }
        // 60,000 rows, at least 20 for each slice.
        #expect(parts >= 30)
        let left = try await recorder.left()
        #expect(left.summaries.count == 1 && left.summaries.first?.reason == .stop)
        #expect(left.signals.last?.name == "stream")
        #expect(left.isContinuous)
        let samples = (299_000 + 240) * 8
        for role in TrackRole.allCases {
            #expect(left.samples[role]?.count == samples, "\(role)")
            let columns = try #require(left.tracks.first { $0.role == role }?.columns.count)
            #expect(left.rows[role].map { $0.count / columns } == (samples - 200) / 80 + 1, "\(role)")
        }
    }

    @Test func `ended at once or in parts, a stream leaves the same`() async throws {
        var all: [[String]] = []
        for isWhole in [true, false] {
            let recorder = Recorder([.signals])
            let ingest = StreamIngest(
                dialect: "twilio", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
                executor: QueueExecutor(label: "tests"), logger: quiet)
            try await ingest.accept(.start(start()))
            for packet in both(0..<200) { try await ingest.accept(.media(packet)) }
            // One track ends in a gap, the other one before it.
            for packet in leapt(packets(.outbound, numbers: 200..<202), by: 60) {
                try await ingest.accept(.media(packet))
            }
            if isWhole {
                await ingest.end(.closed)
            } else {
                await ingest.beginEnd(.closed)
                while await ingest.continueEnd() {}
            }
            all.append(try await recorder.left().signals.map { "\($0)" })
        }
        #expect(all[0] == all[1] && !all[0].isEmpty)
    }
}
