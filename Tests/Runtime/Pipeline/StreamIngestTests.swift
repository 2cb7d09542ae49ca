import SidetoneJSON
import SidetoneModel
import SidetoneTestDoubles
import SidetoneTracks
import Testing

@testable import SidetonePipeline

@Suite(.timeLimit(.minutes(1))) struct StreamIngestTests {
    private let recorder = Recorder()
    private let ingest: StreamIngest

    init() {
        ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
    }

    private func accept(_ packets: [MediaPacket]) async throws {
        for packet in packets { try await ingest.accept(.media(packet)) }
    }

    @Test func `a stream emits its opening, its tracks, its blocks and its end`() async throws {
        try await ingest.accept(.connected)
        try await ingest.accept(.start(start()))
        for number in 0..<50 {
            try await accept(packets(.inbound, numbers: number..<number + 1))
            try await accept(packets(.outbound, numbers: number..<number + 1))
        }
        try await ingest.accept(.stop)
        let left = try await recorder.left()
        #expect(left.opened == 1)
        #expect(left.tracks.map(\.role) == [.inbound, .outbound])
        #expect(left.samples.mapValues(\.count) == [.inbound: 8_000, .outbound: 8_000])
        #expect(left.samples[.inbound] != left.samples[.outbound])
        #expect(left.isContinuous)
        #expect(left.signals.first?.type == "sidetone.stream.started.v1")
        #expect(left.signals.last?.type == "sidetone.stream.ended.v1")
        let summary = try #require(left.summaries.first)
        #expect(left.summaries.count == 1)
        #expect(summary.reason == .stop)
        #expect(summary.tracks.map(\.counters.packets) == [50, 50])
        #expect(summary.seconds == 1)
        #expect(summary.refusedMessages == 0)
    }

    @Test func `the rows are those of each track alone`() async throws {
        try await ingest.accept(.start(start()))
        // Some are lost and some change places.
        for role in TrackRole.allCases {
            var sent = packets(role, numbers: 0..<100)
            sent.swapAt(20, 21)
            sent.removeSubrange(40..<43)
            try await accept(sent)
            var clock = MediaClock(sampleRate: 8_000, maxSkewMs: 2_000)
            var track = try TrackPipeline(
                role: role, format: start().format, clock: clock, settings: StreamSettings(), kinds: [.rows, .samples])
            var alone = Alone()
            for packet in sent { _ = track.accept(packet, clock: &clock, into: &alone) }
            track.finish(clock: &clock, into: &alone)
            let left = try await recorder.left()
            // The last block is still held back.
            let rows = try #require(left.rows[role])
            #expect(rows.count > 150 * track.info.columns.count)
            #expect(alone.rows.starts(with: rows) { $0.bitPattern == $1.bitPattern })
        }
        await ingest.end(.stop)
        let left = try await recorder.left()
        #expect(left.rows.mapValues { $0.count / left.tracks[0].columns.count } == [.inbound: 198, .outbound: 198])
        #expect(left.isContinuous)
    }

    @Test func `lost packets are concealed and reported`() async throws {
        try await ingest.accept(.start(start()))
        try await accept(packets(.inbound, numbers: 0..<10) + packets(.inbound, numbers: 15..<40))
        await ingest.end(.closed)
        let left = try await recorder.left()
        let gaps = left.signals.filter { $0.name == "media.gap" }
        #expect(gaps.map(\.start) == [0.2])
        #expect(gaps.map(\.end) == [0.3])
        #expect(gaps.first?.track == .inbound)
        #expect(gaps.first?.values == [.init("cause", .text("lost"))])
        #expect(left.summaries.first?.tracks.first?.counters.concealedSamples == 800)
        #expect(left.samples[.inbound]?.count == 6_400)
    }

    @Test func `what was odd or refused is in the summary, up to a bound`() async throws {
        try await ingest.accept(.remark("twilio message 1: 'start.tracks' is 7; read as both"))
        try await ingest.accept(.start(start()))
        await ingest.refuse("twilio message 2: not JSON")
        await ingest.refuse()
        for number in 3..<100 { try await ingest.accept(.remark("message \(number)")) }
        let summary = try #require(await ingest.end(.stop))
        #expect(summary.remarks.count == StreamIngest.loggedRefusals)
        #expect(
            summary.remarks.prefix(2)
                == ["twilio message 1: 'start.tracks' is 7; read as both", "twilio message 2: not JSON"])
        var json = JSONWriter()
        summary.write(to: &json, of: try #require(await ingest.info))
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains(#""remarks":["twilio message 1: 'start.tracks' is 7; read as both","twilio message 2"#))
    }

    @Test func `media before the start is kept, up to a bound in bytes, and what is over it is counted`() async throws {
        let kept = StreamIngest.pendingBytesLimit / (160 + StreamIngest.pendingOverhead)
        try await accept(packets(.inbound, numbers: 0..<kept + 50))
        #expect(try await recorder.left().opened == 0)
        try await ingest.accept(.start(start()))
        let summary = await ingest.end(.stop)
        #expect(summary?.tracks.first?.counters.packets == kept)
        #expect(summary?.refusedMessages == 50)
    }

    @Test func `an announced track without media is silence beside the other one`() async throws {
        try await ingest.accept(.start(start()))
        try await accept(packets(.inbound, numbers: 0..<200))
        let summary = await ingest.end(.stop)
        let left = try await recorder.left()
        #expect(left.isContinuous)
        #expect(summary?.tracks.map(\.role) == [.inbound, .outbound])
        #expect(summary?.tracks.map(\.samples) == [32_000, 32_000])
        #expect(left.samples[.outbound]?.allSatisfy { $0 == 0 } == true)
        #expect(summary?.tracks.last?.counters.packets == 0)
        #expect(!left.signals.contains { $0.name == "media.gap" })
    }

    @Test func `a pause beyond max_gap_s on one track leaves both aligned, and one gap`() async throws {
        var settings = StreamSettings()
        settings.timeline.maxGapS = 5
        let ingest = StreamIngest(
            dialect: "twilio", settings: settings, fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start()))
        // Outbound pauses from 1 to 16 s.
        for number in 0..<850 {
            try await ingest.accept(.media(packets(.inbound, numbers: number..<number + 1)[0]))
            guard number < 50 || number >= 800 else { continue }
            var packet = packets(.outbound, numbers: number..<number + 1)[0]
            if number >= 800 { packet.chunk = Int64(number - 749) }
            try await ingest.accept(.media(packet))
        }
        let summary = await ingest.end(.stop)
        let left = try await recorder.left()
        #expect(left.isContinuous)
        #expect(summary?.tracks.map(\.samples) == [850 * 160, 850 * 160])
        let gaps = left.signals.filter { $0.name == "media.gap" }
        #expect(gaps.map(\.track) == [.outbound])
        #expect(gaps.map(\.start) == [1] && gaps.map(\.end) == [16])
        #expect(gaps.first?.values == [.init("cause", .text("not_sent"))])
        #expect(!left.signals.contains { $0.name == "media.clock_jump" || $0.name == "packet_loss" })
        // The packet after the pause stands where its timestamp says, and at most 60 ms before are heard.
        let samples = try #require(left.samples[.outbound])
        #expect(samples[800 * 160..<801 * 160].contains { $0 != 0 })
        #expect(samples[50 * 160 + 480..<800 * 160].allSatisfy { $0 == 0 })
    }

    @Test func `a message far ahead causes neither rows nor queue entries by the thousand`() async throws {
        try await ingest.accept(.start(start()))
        try await accept(packets(.inbound, numbers: 0..<50))
        _ = try await recorder.left()
        // Two packets agree on a gap of 299 s.
        for packet in packets(.inbound, numbers: 15_000..<15_002) {
            var packet = packet
            packet.chunk = packet.chunk.map { $0 - 14_950 }
            try await ingest.accept(.media(packet))
        }
        #expect(recorder.waiting < 80)
        let known = try await recorder.left()
        #expect((known.rows[.inbound]?.count ?? 0) / max(1, known.tracks[0].columns.count) < 3_000)
        let summary = await ingest.end(.stop)
        let left = try await recorder.left()
        #expect(left.isContinuous)
        #expect(summary?.tracks.first?.samples == Int64(15_002 * 160))
        #expect(summary?.tracks.first?.rows == 30_002)
        #expect(left.samples[.inbound]?.count == 15_002 * 160)
        #expect((left.rows[.inbound]?.count ?? 0) / max(1, left.tracks[0].columns.count) == 30_002)
    }

    @Test func `a clock that jumps on both tracks is one signal, and both stay aligned`() async throws {
        try await ingest.accept(.start(start()))
        for number in 0..<200 {
            for role in TrackRole.allCases {
                var packet = packets(role, numbers: number..<number + 1)[0]
                if number >= 100 { packet.timestampMs = packet.timestampMs.map { $0 + 1_000_000 } }
                try await ingest.accept(.media(packet))
            }
        }
        let summary = await ingest.end(.stop)
        let left = try await recorder.left()
        let jumps = left.signals.filter { $0.name == "media.clock_jump" }
        #expect(jumps.map(\.start) == [2])
        #expect(jumps.first?.values == [.init("jump_ms", .integer(1_000_000))])
        #expect(summary?.tracks.map(\.samples) == [32_000, 32_000])
        #expect(!left.signals.contains { $0.name == "media.gap" })
    }

    @Test(arguments: [Int64(5_000), -5_000, 400_000])
    func `one wrong timestamp moves neither track`(errorMs: Int64) async throws {
        try await ingest.accept(.start(start()))
        for number in 0..<200 {
            for role in TrackRole.allCases {
                var packet = packets(role, numbers: number..<number + 1)[0]
                if number == 100, role == .inbound { packet.timestampMs = packet.timestampMs.map { $0 + errorMs } }
                try await ingest.accept(.media(packet))
            }
        }
        let summary = await ingest.end(.stop)
        let left = try await recorder.left()
        #expect(summary?.tracks.map(\.samples) == [32_000, 32_000])
        #expect(summary?.tracks.map(\.counters.packets) == [200, 200])
        #expect(!left.signals.contains { $0.name == "media.gap" || $0.name == "media.clock_jump" })
        #expect(left.isContinuous)
    }

    @Test func `of two ends the first reason counts, and nothing follows it`() async throws {
        try await ingest.accept(.start(start()))
        await ingest.end(.timeout)
        #expect(await ingest.end(.stop)?.reason == .timeout)
        try await accept(packets(.inbound, numbers: 0..<10))
        try await ingest.accept(.start(start()))
        let left = try await recorder.left()
        #expect(left.summaries.map(\.reason) == [.timeout])
        #expect(left.tracks.isEmpty)
    }

    @Test func `a stream that never started emits nothing`() async throws {
        try await accept(packets(.inbound, numbers: 0..<3))
        #expect(await ingest.end(.closed) == nil)
        #expect(try await recorder.left().opened == 0)
        #expect(recorder.sink.items.isEmpty)
    }

    @Test func `a digit reported by the platform is a signal at the call's time`() async throws {
        try await ingest.accept(.start(start()))
        try await accept(packets(.inbound, numbers: 0..<50))
        try await ingest.accept(.dtmf(WireDigit(digit: "5", track: .inbound, durationMs: 100)))
        let digits = try await recorder.left().signals.filter { $0.name == "dtmf" }
        #expect(digits.count == 1)
        #expect(digits.first?.values.first == .init("digit", .text("5")))
        #expect((digits.first?.start ?? 0) > 0.8)
    }

    @Test func `messages before the start are captured after the opening, up to a byte limit`() async throws {
        let text = String(repeating: "x", count: 872)
        let kept = StreamIngest.pendingBytesLimit / (872 + StreamIngest.pendingOverhead)
        for number in 0..<kept + 5 {
            await ingest.capture(CapturedMessage(message: .text(text), arrival: Double(number)))
        }
        try await ingest.accept(.start(start()))
        await ingest.capture(CapturedMessage(message: .text("after"), arrival: 1_000))
        let left = try await recorder.left()
        #expect(left.messages.map(\.arrival) == (0..<kept).map(Double.init) + [1_000])
    }

    @Test func `bytes that no codec explains are reported once per track, by a signal and in the log`() async throws {
        let recorder = Recorder([.signals, .logs])
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start()))
        for packet in packets(.inbound, numbers: 0..<300) + packets(.outbound, numbers: 0..<40) {
            try await ingest.accept(.media(packet))
        }
        await ingest.end(.stop)
        let left = try await recorder.left()
        let told = left.signals.filter { $0.name == "media.wrong_codec_suspected" }
        #expect(told.map(\.track) == [.inbound])
        #expect(told.first?.phase == .moment && told.first?.start == 0 && (told.first?.end ?? 0) > 1)
        #expect(
            told.first?.values.prefix(2) == [
                .init("announced", .text("PCMU")), .init("sounds_like", .text("compressed")),
            ])
        let logged = recorder.sink.items.compactMap { item -> CallLogEntry? in
            if case .log(let entry) = item { return entry }
            return nil
        }
        #expect(logged.filter { $0.event == "codec.suspected" }.map { $0.text("track") } == ["inbound"])
    }

    @Test func `nothing is suspected if the check is disabled`() async throws {
        var settings = StreamSettings()
        settings.timeline.wrongCodecPackets = 0
        let ingest = StreamIngest(
            dialect: "twilio", settings: settings, fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start()))
        for packet in packets(.inbound, numbers: 0..<300) { try await ingest.accept(.media(packet)) }
        await ingest.end(.stop)
        #expect(try await recorder.left().signals.allSatisfy { $0.name != "media.wrong_codec_suspected" })
    }

    @Test func `an unsupported codec is an error, not an end`() async throws {
        try await ingest.accept(.start(start(encoding: "AMR")))
        await #expect(throws: (any Error).self) {
            try await ingest.accept(.media(packets(.inbound, numbers: 0..<1)[0]))
        }
        #expect(await ingest.end(.violation)?.reason == .violation)
    }

    @Test func `an overview is emitted step by step, each with the packet that completes it`() async throws {
        let sink = RecordingSink([.overview])
        let fanout = SinkFanout([SinkQueue(sink, limit: 1_000, logger: quiet)])
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start()))
        var told: [Int] = []
        for number in 0..<50 {
            for packet in packets(.inbound, numbers: number..<number + 1) { try await ingest.accept(.media(packet)) }
            try await fanout.drain()
            told.append(Left(sink.items).steps[.inbound, default: []].count)
        }
        // A step is known 15 ms after it: its last row looks at 25 ms. The detector looks 10 ms ahead.
        let right = (0..<50).map { number in max(0, ((number + 1) * 20 - 25) / 100) }
        #expect(told == right)
        await ingest.end(.stop)
        try await fanout.drain()
        let left = Left(sink.items)
        #expect(left.steps[.inbound]?.map(\.number) == Array(0..<10))
        #expect(left.steps[.inbound]?.allSatisfy { $0.waveMin < 0 && $0.waveMax > 0 && $0.levelDBFS > -96 } == true)
        #expect(left.rows.isEmpty && left.samples.isEmpty)
    }

    @Test func `a stream without media is reported by the clock, and so is a missing track`() async throws {
        var known = 0
        func stalled() async throws -> [String] {
            let all = try await recorder.left().signals.filter { $0.name == "media.stalled" }.map {
                "\($0.phase) \($0.track?.rawValue ?? "stream") \($0.start) \($0.end ?? -1)"
            }
            defer { known = all.count }
            return Array(all.dropFirst(known))
        }
        #expect(await ingest.tick(now: 0.5) == nil, "before the start nothing is watched")
        try await ingest.accept(.start(start()), arrival: 1)
        #expect(await ingest.tick(now: 2.9) == 3)
        try await ingest.accept(.mark(name: "hello"), arrival: 2.95)
        await ingest.tick(now: 3)
        #expect(try await stalled() == ["started stream 0.0 -1.0"])
        for number in 0..<10 {
            for role in TrackRole.allCases {
                let arrival = 4 + Double(number) / 50
                for packet in packets(role, numbers: number..<number + 1) {
                    try await ingest.accept(.media(packet), arrival: arrival)
                }
            }
        }
        await ingest.tick(now: 6.18)
        #expect(
            try await stalled() == ["ended stream 0.0 3.0", "started inbound 0.2 -1.0", "started outbound 0.2 -1.0"])
        await ingest.tick(now: 7.18)
        await ingest.end(.timeout)
        #expect(try await stalled() == ["ended inbound 0.2 3.2", "ended outbound 0.2 3.2"])
        #expect(await ingest.tick(now: 60) == nil)
    }

    @Test func `a recording has no clock, and never stalls`() async throws {
        try await ingest.accept(.start(start()))
        #expect(await ingest.tick(now: 3_600) == nil)
    }
}

/// The rows of a track that belongs to no stream.
private struct Alone: TrackReceiver {
    private(set) var rows: [Float] = []

    func process(_ role: TrackRole, row: Int64, values: Span<Float>) {}

    mutating func receive(_ output: TrackOutput, from role: TrackRole) {
        if case .rows(let block) = output { rows += block.values }
    }
}
