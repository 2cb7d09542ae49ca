import SidetoneCodecs
import SidetoneModel
import Testing

@testable import SidetonePipeline

/// The same media gives the same rows, signals and totals: for packets of any length, with gaps, pauses and a late track,
/// and from the recording of what came.
@Suite(.timeLimit(.minutes(2))) struct CutAnywhereTests {
    /// What happens begins and ends on a multiple of this many samples, 1.4 s, as do the packets of every length.
    static let unit = 11_200
    static let length = 12 * unit

    /// Bursts of noise of 1.5 s on each track in turn.
    static let sound: [TrackRole: [Int16]] = {
        var sound: [TrackRole: [Int16]] = [:]
        for role in TrackRole.allCases {
            var noise = SplitMix64(seed: UInt64(7 + role.index))
            sound[role] = (0..<length).map { n in
                let sample = Int16.random(in: -4_000...4_000, using: &noise)
                return n / 12_000 % 2 == role.index ? sample : 0
            }
        }
        return sound
    }()

    /// Inbound is whole. Outbound opens at 1.4 s, loses the packets from 2.8 to 4.2 s, and pauses from 5.6 to 11.2 s.
    private func run(cut size: Int) async throws -> (left: Left, summary: StreamSummary?) {
        let recorder = Recorder([.rows, .samples, .signals])
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start(encoding: "L16")))
        let codec = L16(sampleRate: 8_000)
        var chunks: [TrackRole: Int64] = [:]
        for place in stride(from: 0, to: Self.length, by: size) {
            for role in TrackRole.allCases {
                let unit = place / Self.unit
                if role == .outbound, unit < 1 || (4..<8).contains(unit) { continue }
                chunks[role, default: 0] += 1
                if role == .outbound, unit == 2 { continue }
                var payload: [UInt8] = []
                codec.encode((Self.sound[role] ?? [])[place..<place + size], into: &payload)
                try await ingest.accept(
                    .media(
                        MediaPacket(
                            track: role, sequence: nil, chunk: chunks[role], timestampMs: Int64(place / 8),
                            payload: payload)))
            }
        }
        let summary = await ingest.end(.stop)
        return (try await recorder.left(), summary)
    }

    /// The samples of both tracks as a file gives them: without numbers and times, both tracks in turn.
    private func analyze(_ samples: [TrackRole: [Int16]], cut size: Int) async throws -> (Left, StreamSummary?) {
        let recorder = Recorder([.rows, .samples, .signals])
        let ingest = StreamIngest(
            dialect: "file", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start(encoding: "L16")))
        for place in stride(from: 0, to: Self.length, by: size) {
            for role in TrackRole.allCases {
                var payload: [UInt8] = []
                let track = samples[role] ?? []
                L16(sampleRate: 8_000).encode(track[place..<min(track.count, place + size)], into: &payload)
                try await ingest.accept(
                    .media(MediaPacket(track: role, sequence: nil, chunk: nil, timestampMs: nil, payload: payload)))
            }
        }
        let summary = await ingest.end(.stop)
        return (try await recorder.left(), summary)
    }

    private func expectSame(_ left: Left, other: Left, but names: Set<String> = []) {
        #expect(left.isContinuous && other.isContinuous)
        for role in TrackRole.allCases {
            let (rows, others) = (left.rows[role] ?? [], other.rows[role] ?? [])
            #expect(rows.count > 10_000)
            #expect(rows.elementsEqual(others) { $0.bitPattern == $1.bitPattern }, "rows of \(role)")
            #expect(left.samples[role] == other.samples[role], "samples of \(role)")
        }
        // A gap is reported when packets show it, so the order among signals of different kinds may differ.
        func written(_ left: Left) -> [String] {
            left.signals.filter { !names.contains($0.name) }.map { "\($0.name) \($0.phase) \($0)" }.sorted()
        }
        #expect(written(left) == written(other))
    }

    @Test(arguments: [1, 7, 80, 160])
    func `packets of any duration give the same rows, signals and totals`(size: Int) async throws {
        let (left, summary) = try await run(cut: size)
        let (reference, whole) = try await run(cut: 1_600)
        expectSame(left, other: reference)
        #expect(summary?.totals == whole?.totals)
        let gaps = left.signals.filter { $0.name == "media.gap" }
        #expect(gaps.map(\.start) == [2.8, 5.6])
        #expect(gaps.map(\.end) == [4.2, 11.2])
        #expect(gaps.map(\.values) == [[.init("cause", .text("lost"))], [.init("cause", .text("not_sent"))]])
    }

    @Test(arguments: [80, 800])
    func `the recording of a stream gives the stream's rows and signals`(size: Int) async throws {
        let (left, _) = try await run(cut: 160)
        let (recorded, _) = try await analyze(left.samples, cut: size)
        // What the receiver alone knows is not in the recording: packets, and what of them was lost.
        expectSame(left, other: recorded, but: ["stream", "media.gap", "packet_loss"])
    }
}
