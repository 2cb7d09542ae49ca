import NIOCore
import SidetoneCallControl
import SidetoneEmulator
import SidetoneModel
import SidetonePlayback
import Synchronization

/// A network without sockets: documents by their address, and receivers that keep what they are sent.
final class ScriptedNetwork: CallNetwork {
    struct Missing: Error, CustomStringConvertible { var description: String { "the answer has status 404" } }

    /// What a receiver does.
    enum Receiver: Sendable {
        case listens
        case refuses
        /// Closes after so many messages.
        case leaves(after: Int)
    }

    struct Heard: Sendable {
        var stream: StreamRequest
        var messages: [TimedMessage] = []
    }

    private struct State {
        var heard: [Heard] = []
        var asked: [DocumentRequest] = []
    }
    private let state = Mutex(State())
    private let documents: [String: String]
    private let receivers: [String: Receiver]

    init(documents: [String: String] = [:], receivers: [String: Receiver] = [:]) {
        self.documents = documents
        self.receivers = receivers
    }

    /// In the order in which the streams were opened.
    var heard: [Heard] { state.withLock { $0.heard } }
    var asked: [DocumentRequest] { state.withLock { $0.asked } }

    func fetch(_ request: DocumentRequest) async throws -> [UInt8] {
        state.withLock { $0.asked.append(request) }
        guard let document = documents[request.url] else { throw Missing() }
        return Array(document.utf8)
    }

    func play(
        _ stream: StreamRequest, startedAt: NIODeadline?, opened: @escaping @Sendable () async -> Void,
        makeSource: @escaping @Sendable () throws -> any MessageSource
    ) async -> PlaybackResult {
        let receiver = receivers[stream.url] ?? .listens
        if case .refuses = receiver { return PlaybackResult(failure: "refused") }
        let place = state.withLock { state in
            state.heard.append(Heard(stream: stream))
            return state.heard.count - 1
        }
        await opened()
        var report = PlaybackResult()
        do {
            var source = try makeSource()
            let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            source.onMessages { continuation.yield() }
            continuation.yield()
            for await _ in news {
                listening: while true {
                    if case .leaves(let count) = receiver, report.messages >= count {
                        source.abandon()
                        report.failure = "the receiver ended the stream early"
                        return report
                    }
                    switch try source.next() {
                    case .message(let message):
                        report.messages += 1
                        report.bytes += message.message.bytes.count
                        state.withLock { $0.heard[place].messages.append(message) }
                    case .notYet: break listening
                    case .over: return report
                    }
                }
            }
        } catch { report.failure = "\(error)" }
        return report
    }
}
