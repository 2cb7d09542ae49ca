import Synchronization

/// The calls of the emulator's REST API, by ID.
package final class CallRegistry: Sendable {
    /// Maximum number of calls; a new one replaces the oldest.
    static let most = 10_000

    private struct State {
        var calls: [String: CallNotifier] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())

    package init() {}

    /// Registers a call before it is played.
    package func add(_ id: String, notifier: CallNotifier) {
        state.withLock { state in
            if state.calls.updateValue(notifier, forKey: id) == nil { state.order.append(id) }
            if state.order.count > Self.most { state.calls[state.order.removeFirst()] = nil }
        }
    }

    subscript(id: String) -> CallNotifier? { state.withLock { $0.calls[id] } }
}
