import SidetoneCallControl
import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import Testing

@testable import SidetonePlayback

@Suite struct FaultedMessagesTests {
    /// A call of both tracks in packets of 20 ms, as a platform would send it.
    private static func messages(seconds: Double) -> [TimedMessage] {
        var writer = Twilio()
        var messages: [TimedMessage] = []
        func add(_ event: StreamEvent, _ due: Double) {
            guard let message = try? writer.write(event) else { return }
            messages.append(TimedMessage(due: due, message: message))
        }
        add(.connected, 0)
        add(
            .start(
                StreamStart(
                    streamID: "MZ1", callID: "CA1", tracks: [.inbound, .outbound],
                    format: MediaFormat(encoding: .pcmu, sampleRate: 8_000))), 0)
        for n in 0..<Int(seconds * 50) {
            for role in TrackRole.allCases {
                add(
                    .media(
                        MediaPacket(
                            track: role, sequence: nil, chunk: Int64(n + 1), timestampMs: Int64(n * 20),
                            payload: [UInt8](repeating: UInt8(truncatingIfNeeded: n), count: 160))),
                    Double(n + 1) * 0.02)
            }
        }
        add(.stop, seconds)
        return messages
    }

    private func play(
        _ faults: String, seconds: Double = 20, seed: UInt64 = 7
    ) throws -> (sent: [TimedMessage], counts: FaultCounts, cut: Double?) {
        var faulted = FaultedMessages(plan: try FaultPlan(faults), seed: seed, platform: Twilio.self)
        var sent: [TimedMessage] = []
        for message in Self.messages(seconds: seconds) { faulted.process(message) { sent.append($0) } }
        faulted.finish { sent.append($0) }
        return (sent, faulted.counts, faulted.cut)
    }

    /// The chunks of a track in the order in which they were sent.
    private func chunks(_ messages: [TimedMessage], role: TrackRole) throws -> [Int64] {
        var reader = Twilio()
        return try messages.flatMap { try reader.events(in: $0.message) }.compactMap { event in
            guard case .media(let packet) = event, packet.track == role else { return nil }
            return packet.chunk
        }
    }

    private func events(_ messages: [TimedMessage]) throws -> [StreamEvent] {
        var reader = Twilio()
        return try messages.flatMap { try reader.events(in: $0.message) }
    }

    @Test func `without faults nothing changes`() throws {
        var faulted = FaultedMessages(plan: FaultPlan(), seed: 1, platform: Twilio.self)
        var sent: [TimedMessage] = []
        for message in Self.messages(seconds: 2) { faulted.process(message) { sent.append($0) } }
        faulted.finish { sent.append($0) }
        #expect(sent == Self.messages(seconds: 2) && faulted.counts == FaultCounts())
    }

    @Test func `the same seed does the same, another one something else`() throws {
        let faults = "drop=5%,reorder=5%,duplicate=5%,jitter=40ms"
        #expect(try play(faults).sent == play(faults).sent)
        #expect(try play(faults, seed: 8).sent != play(faults).sent)
    }

    @Test func `a share of the media is dropped, and only that is missing`() throws {
        let (sent, counts, _) = try play("drop=10%")
        // 2,000 messages, 10 %: within 5 standard deviations, √(2000·0.1·0.9) ≈ 13.4.
        #expect(abs(counts.dropped - 200) < 67)
        #expect(sent.count == Self.messages(seconds: 20).count - counts.dropped)
        for role in TrackRole.allCases {
            let chunks = try chunks(sent, role: role)
            #expect(chunks == chunks.sorted() && Set(chunks).count == chunks.count)
        }
    }

    @Test func `what is reordered comes after the next one of its own track, and nothing is lost`() throws {
        let (sent, counts, _) = try play("reorder=10%")
        var swaps = 0
        for role in TrackRole.allCases {
            let chunks = try chunks(sent, role: role)
            #expect(chunks.sorted() == Array(1...1_000))
            for (n, chunk) in chunks.enumerated() where n > 0 && chunk < chunks[n - 1] {
                swaps += 1
                #expect(chunk == chunks[n - 1] - 1)
            }
        }
        #expect(counts.reordered == swaps && swaps > 100)
    }

    @Test func `what is duplicated comes twice`() throws {
        let (sent, counts, _) = try play("duplicate=10%")
        let total = try TrackRole.allCases.map { try chunks(sent, role: $0).count }.reduce(0, +)
        #expect(total == 2_000 + counts.duplicated && abs(counts.duplicated - 200) < 67)
    }

    @Test func `jitter makes messages late and never lets one overtake another`() throws {
        let (sent, counts, _) = try play("jitter=40ms")
        let original = Self.messages(seconds: 20)
        #expect(counts.jittered == 2_000, "every packet of both tracks")
        for (now, before) in zip(sent, original) {
            // Two messages that wait in a row: at most twice.
            #expect(now.message == before.message && (0...0.041).contains(now.due - before.due))
        }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0.due <= $1.due })
    }

    @Test func `a stall holds everything up, and then it comes at once`() throws {
        let (sent, counts, _) = try play("stall=2s@10s")
        #expect(sent.allSatisfy { !(10.0..<12.0).contains($0.due) })
        // Two seconds of 50 packets on two tracks; the one due at 12 s is not held up.
        #expect(counts.stalled == 200)
        #expect(sent.map(\.message) == Self.messages(seconds: 20).map(\.message))
    }

    @Test func `the connection is cut at its time, and nothing follows`() throws {
        let (sent, counts, cut) = try play("disconnect@15s")
        #expect(cut == 15 && counts.cuts == 1)
        #expect(sent.allSatisfy { $0.due < 15 } && sent.count == 2 + 749 * 2)
    }

    @Test func `media come before the start where they should`() throws {
        let (sent, counts, _) = try play("media-before-start")
        let events = try events(sent)
        let place = events.firstIndex { if case .start = $0 { true } else { false } }
        #expect(place == 1 + FaultedMessages.earlyMessages && counts.early == FaultedMessages.earlyMessages)
        #expect(Set(sent.map(\.message)) == Set(Self.messages(seconds: 20).map(\.message)))
    }

    @Test func `the stop is left out where it should`() throws {
        let (sent, counts, _) = try play("no-stop")
        let told = try events(sent)
        #expect(counts.stopsOmitted == 1 && !told.contains(.stop))
    }

    @Test func `another codec is announced than sent`() throws {
        let (sent, counts, _) = try play("wrong-codec")
        guard case .start(let start) = try events(sent)[1] else {
            Issue.record("no start")
            return
        }
        #expect(start.format.encoding == .pcma && start.callID == "CA1" && counts.wrongCodecs == 1)
        #expect(sent.dropFirst(2).map(\.message) == Self.messages(seconds: 20).dropFirst(2).map(\.message))
    }

    @Test func `a clock that runs fast sends sooner`() throws {
        let (sent, _, _) = try play("clock-drift=200ppm", seconds: 20)
        // 20 s at 200 ppm are 4 ms; ±1 µs for the division.
        #expect(abs((sent.last?.due ?? 0) - 19.996) < 0.000_001 + 20 * 4e-8)
    }
}
