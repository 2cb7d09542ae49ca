import Synchronization

/// The calls that the emulator's REST interface knows, by id.
public final class CallBook: Sendable {
    /// Calls that are remembered; the oldest is forgotten for a new one.
    static let most = 10_000

    private struct State {
        var calls: [String: CallTeller] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())

    public init() {}

    /// Notes a call before it is played.
    public func add(_ id: String, _ teller: CallTeller) {
        state.withLock { state in
            if state.calls.updateValue(teller, forKey: id) == nil { state.order.append(id) }
            if state.order.count > Self.most { state.calls[state.order.removeFirst()] = nil }
        }
    }

    subscript(id: String) -> CallTeller? { state.withLock { $0.calls[id] } }
}
