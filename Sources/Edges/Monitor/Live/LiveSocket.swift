import NIOCore
import SidetoneModel
import SidetoneWebSocket
import Synchronization

/// One client of the live socket: its subscription and its connection. `CallStateStore` reads the one and writes to the other.
final class LiveSocket: WebSocketReceiver, Sendable {
    /// Maximum calls that one client may subscribe to.
    static let callLimit = 16

    struct Subscription {
        var activeCalls = false
        /// Counts the subscriptions to the active calls: each is answered with a full snapshot.
        var snapshotRequests = 0
        var calls: [String: SubscriptionOptions] = [:]
    }

    private struct State {
        var subscription = Subscription()
        var connection: WebSocketConnection?
    }

    private let sockets: LiveSockets
    private let state = Mutex(State())

    init(_ sockets: LiveSockets) { self.sockets = sockets }

    func opened(_ connection: WebSocketConnection) {
        state.withLock { $0.connection = connection }
        sockets.add(self)
    }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        guard message.kind == .text, let request = LiveRequest(message.bytes) else { return close(code: 1_008) }
        let isAccepted = state.withLock { state in
            switch request {
            case .activeCalls(let wanted):
                state.subscription.activeCalls = wanted
                if wanted { state.subscription.snapshotRequests += 1 }
            case .call(let id, let watch):
                guard
                    watch == nil || state.subscription.calls[id] != nil
                        || state.subscription.calls.count < Self.callLimit
                else {
                    return false
                }
                state.subscription.calls[id] = watch
            }
            return true
        }
        if !isAccepted { close(code: 1_008) }
    }

    func ended(_ end: WebSocketEnd) { sockets.remove(self) }

    var subscription: Subscription { state.withLock { $0.subscription } }
    var isWritable: Bool { connection?.isWritable ?? false }

    private var connection: WebSocketConnection? { state.withLock { $0.connection } }

    /// Sends messages in order, in as few writes as possible.
    func send(_ messages: [WireMessage]) {
        guard let connection else { return }
        connection.eventLoop.execute {
            for message in messages { connection.queue(message) }
            connection.flush()
        }
    }

    func close(code: Int) { connection?.close(code: code) }

    /// Disconnects a client that does not read.
    func cutOff() {
        sockets.countCut()
        connection?.abort()
    }
}

/// The clients of the live socket.
final class LiveSockets: Sendable {
    private struct State {
        var sockets: [ObjectIdentifier: LiveSocket] = [:]
        var isClosed = false
        var cut = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// How many are open.
    var count: Int { state.withLock { $0.sockets.count } }
    /// Clients disconnected because they did not read.
    var cutInAll: Int { state.withLock { $0.cut } }
    func countCut() { state.withLock { $0.cut += 1 } }
    var hasRoom: Bool { state.withLock { !$0.isClosed && $0.sockets.count < limit } }
    var all: [LiveSocket] { state.withLock { Array($0.sockets.values) } }

    func add(_ socket: LiveSocket) {
        let isAccepted = state.withLock { state in
            guard !state.isClosed, state.sockets.count < limit else { return false }
            state.sockets[ObjectIdentifier(socket)] = socket
            return true
        }
        if !isAccepted { socket.close(code: 1_013) }
    }

    func remove(_ socket: LiveSocket) {
        state.withLock { _ = $0.sockets.removeValue(forKey: ObjectIdentifier(socket)) }
    }

    /// Closes all connections and accepts no more.
    func close() {
        let sockets = state.withLock { state in
            state.isClosed = true
            return Array(state.sockets.values)
        }
        for socket in sockets { socket.close(code: 1_001) }
    }
}
