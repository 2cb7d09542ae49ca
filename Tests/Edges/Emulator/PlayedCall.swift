import SidetoneCallControl
import SidetoneCodecs
import SidetoneEmulator
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import Synchronization

/// A call that was carried out without sockets and as fast as it goes, and what everybody saw of it.
struct PlayedCall {
    var report: FlowReport
    var moments: [CallEvent]
    /// What was heard, whole.
    var inbound: [Int16]
    var outbound: [Int16]
    var network: ScriptedNetwork

    /// A word each, in their order.
    var words: [String] {
        moments.map { moment in
            switch moment.kind {
            case .created: "created"
            case .answered: "answered"
            case .streamStarted: "streamStarted"
            case .streamFinished(_, let failure): failure == nil ? "streamFinished" : "streamBroke"
            case .streamFailed: "streamFailed"
            case .gathered(let data): "gathered \(data.digits)"
            case .recordingAsked(let order): "recording \(order.rawValue)"
            case .completed: "completed"
            case .failed: "failed"
            }
        }
    }

    /// - Parameters:
    ///   - actions: a document, or the list within one.
    ///   - seconds: of both voices: inbound is 1000, outbound 2000, constantly.
    static func play(
        _ actions: String, seconds: Double = 2, sampleRate: Int = 8_000,
        network: ScriptedNetwork = ScriptedNetwork(), adjust: (inout CallConfiguration) -> Void = { _ in }
    ) async throws -> PlayedCall {
        let text = actions.hasPrefix("{\"sections") ? actions : "{\"actions\":[\(actions)]}"
        let count = Int(seconds * Double(sampleRate))
        var setup = CallConfiguration(
            call: WebhookCall(id: "call-1", status: "dialing", direction: .inbound),
            beginning: .document(try CallDocument.read(Array(text.utf8))), platform: MiniVoice.self, codec: L16.self,
            streamID: { "stream-\($0)" },
            makeMedia: {
                CallMedia(
                    sampleRate: sampleRate, inbound: SamplesInMemory([Int16](repeating: 1_000, count: count)),
                    outbound: SamplesInMemory([Int16](repeating: 2_000, count: count)))
            })
        adjust(&setup)
        let log = CallLog()
        let executor = CallRunner(
            setup, network: network, speech: Beeps(), clock: PacedClock(.max), observers: [log], listeners: [log])
        let report = await executor.run()
        let (moments, inbound, outbound) = log.all
        return PlayedCall(
            report: report, moments: moments, inbound: inbound, outbound: outbound, network: network)
    }

    /// The stream with this place in the order of their opening, read as its receiver reads it.
    func stream(_ place: Int) throws -> StreamRead {
        var read = StreamRead()
        var dialect = Twilio()
        for timed in network.heard[place].messages {
            for event in try dialect.events(in: timed.message) { read.take(event) }
        }
        return read
    }
}

/// What a receiver of L16 reads.
struct StreamRead {
    var start: StreamStart?
    var samples: [[Int16]] = [[], []]
    var timestamps: [[Int64]] = [[], []]
    var digits: [Character] = []
    var isStopped = false

    mutating func take(_ event: StreamEvent) {
        switch event {
        case .start(let start): self.start = start
        case .media(let packet):
            _ = L16(sampleRate: 8_000).decode(packet.payload, into: &samples[packet.track.index])
            timestamps[packet.track.index].append(packet.timestampMs ?? -1)
        case .dtmf(let digit): digits.append(digit.digit)
        case .stop: isStopped = true
        default: break
        }
    }
}

/// Speaks a second of the value 100 for each letter.
struct Beeps: SpeechMaker {
    func speech(_ text: String, sampleRate: Int) -> [Int16] {
        [Int16](repeating: 100, count: text.count * sampleRate)
    }
}

/// Keeps everything it is told.
final class CallLog: CallEventHandler, MediaListener {
    private let state = Mutex(([CallEvent](), [Int16](), [Int16]()))

    var all: ([CallEvent], [Int16], [Int16]) { state.withLock { $0 } }

    func handle(_ moment: CallEvent) { state.withLock { $0.0.append(moment) } }

    func handle(_ block: MediaBlock) {
        state.withLock { state in
            precondition(block.first == Int64(state.1.count), "blocks come in order and without holes")
            state.1 += block.inbound
            state.2 += block.outbound
        }
    }
}
