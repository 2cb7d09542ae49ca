import Logging
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
import Synchronization
import Testing

/// How soon signals are told, on a clock that stands at each packet's arrival.
@Suite struct SignalTimingTests {
    /// From the end of a row's hop to the sample that completes it: the statistical detector's 10 ms, and what the window
    /// of 25 ms has over the hop of 10 on one side.
    private let waitMs = 17.5

    /// Plays the overtalk sample in packets that arrive when their last sample was heard.
    ///
    /// - Returns: the measured signals with their delay in milliseconds.
    private func told(packetMs: Int, lateMs: Double = 0) async throws -> [(signal: Signal, ms: Double)] {
        let clock = ManualClock()
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: SinkFanout([]),
            naming: StreamNaming(component: { $0 }, now: { 0 }), timing: clock.timing,
            executor: QueueExecutor(label: "tests"),
            logger: Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() }))
        var reader = Twilio()
        for message in try WireCall(packetMs: packetMs).messages {
            var events: [StreamEvent] = []
            try reader.read(message.message) { events.append($0) }
            for event in events {
                var arrival = message.due
                if case .media(let packet) = event, packet.track == .outbound { arrival += lateMs / 1_000 }
                clock.now = arrival
                try await ingest.accept(event, arrival: arrival)
            }
        }
        return clock.told
    }

    @Test(arguments: [10, 20, 40])
    func `onsets and ends are told after the look-ahead, and within a packet more`(packetMs: Int) async throws {
        let speech = try await told(packetMs: packetMs).filter { $0.signal.name == "speech" }
        #expect(speech.count > 6)
        let allowed = max(0, waitMs - Double(packetMs))...waitMs + Double(packetMs)
        for (signal, ms) in speech { #expect(allowed.contains(ms), "\(signal.type) at \(signal.start) after \(ms) ms") }
    }

    @Test func `every signal of the sample is timed, and none waits for more than the next packet`() async throws {
        let told = try await told(packetMs: 20)
        #expect(Set(told.map(\.signal.name)).isSuperset(of: ["speech", "turn", "overtalk"]))
        for (signal, ms) in told { #expect(ms <= 20, "\(signal.type) at \(signal.start) after \(ms) ms") }
    }

    @Test func `a track that comes late counts for the signals of the other, which wait for it`() async throws {
        let overtalk = try await told(packetMs: 20, lateMs: 15).filter {
            $0.signal.name == "overtalk" && $0.signal.phase == .started
        }
        let turns = try await told(packetMs: 20, lateMs: 15).filter {
            $0.signal.name == "turn" && $0.signal.track == .inbound
        }
        // What both tracks show was there with the later one.
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
    var told: [(signal: Signal, ms: Double)] { list.withLock { $0 } }

    var timing: SignalTiming {
        SignalTiming(now: { self.now }) { signal, seconds in
            self.list.withLock { $0.append((signal, (seconds * 1e6).rounded() / 1e3)) }
        }
    }
}
