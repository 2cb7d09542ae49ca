import Logging
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
import SidetonePlayback
import Synchronization
import Testing

/// The delay of signals, on a clock that is set to the arrival of each packet.
@Suite struct SignalTimingTests {
    /// From the end of a row's hop to the sample that completes it: the statistical detector's 10 ms, and what the window
    /// of 25 ms has over the hop of 10 on one side.
    private let waitMs = 17.5

    /// Plays the overtalk sample in packets that arrive with their last sample.
    ///
    /// - Returns: the measured signals with their delay in milliseconds.
    private func timedSignals(packetMs: Int, lateMs: Double = 0) async throws -> [(signal: Signal, ms: Double)] {
        let clock = ManualClock()
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: SinkFanout([]),
            naming: StreamNaming(component: { $0 }, now: { 0 }), timing: clock.timing,
            executor: QueueExecutor(label: "tests"),
            logger: Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() }))
        var reader = Twilio()
        for message in try WireCall(packetMs: packetMs).messages {
            var events: [StreamEvent] = []
            try reader.read(message.message, arrival: .seconds(message.due)) { events.append($0) }
            for event in events {
                var arrival = message.due
                if case .media(let packet) = event, packet.track == .outbound { arrival += lateMs / 1_000 }
                clock.now = arrival
                try await ingest.accept(event, arrival: arrival)
            }
        }
        return clock.timedSignals
    }

    @Test(arguments: [10, 20, 40])
    func `onsets and ends are emitted after the look-ahead and at most one packet later`(packetMs: Int) async throws {
        let speech = try await timedSignals(packetMs: packetMs).filter { $0.signal.name == "speech" }
        #expect(speech.count > 6)
        let allowed = max(0, waitMs - Double(packetMs))...waitMs + Double(packetMs)
        for (signal, ms) in speech { #expect(allowed.contains(ms), "\(signal.type) at \(signal.start) after \(ms) ms") }
    }

    @Test func `every signal of the sample is measured, and none waits longer than for the next packet`() async throws {
        let timedSignals = try await timedSignals(packetMs: 20)
        #expect(Set(timedSignals.map(\.signal.name)).isSuperset(of: ["speech", "turn", "overtalk"]))
        for (signal, ms) in timedSignals { #expect(ms <= 20, "\(signal.type) at \(signal.start) after \(ms) ms") }
    }

    @Test func `a late track delays the signals of the other, which wait for it`() async throws {
        let overtalk = try await timedSignals(packetMs: 20, lateMs: 15).filter {
            $0.signal.name == "overtalk" && $0.signal.phase == .started
        }
        let turns = try await timedSignals(packetMs: 20, lateMs: 15).filter {
            $0.signal.name == "turn" && $0.signal.track == .inbound
        }
        // Overtalk is decidable with the later track.
        #expect(!overtalk.isEmpty && overtalk.allSatisfy { $0.ms == 20 })
        #expect(!turns.isEmpty && turns.allSatisfy { $0.ms == 35 })
    }
}

/// A clock that a test sets.
private final class ManualClock: Sendable {
    private let time = Mutex(0.0)
    private let list = Mutex<[(signal: Signal, ms: Double)]>([])

    var now: Double {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
    var timedSignals: [(signal: Signal, ms: Double)] { list.withLock { $0 } }

    var timing: SignalTiming {
        SignalTiming(now: { self.now }) { signal, seconds in
            self.list.withLock { $0.append((signal, (seconds * 1e6).rounded() / 1e3)) }
        }
    }
}
