import SidetoneModel
import SidetonePipeline

/// What one client of the live socket has been sent.
final class LiveClientState {
    /// A client that reads nothing for this long is disconnected.
    static let patience = Duration.seconds(10)

    let socket: LiveSocket
    var queue = LiveQueue()
    /// Its subscription as of this tick.
    private(set) var subscription = LiveSocket.Subscription()
    private(set) var isNew = true
    /// The tick whose levels it was sent last.
    var sentLevels: Int64 = 0
    /// Subscriptions to the active calls that were answered with a snapshot.
    var sentSnapshots = 0
    /// Its progress in each call it subscribed to.
    var calls: [String: CallProgress] = [:]
    private var blocked: ContinuousClock.Instant?

    struct CallProgress {
        var watch: SubscriptionOptions
        /// The next step of each track's time series to send.
        var steps: [Int]
        var tick: Int64 = -1
    }

    init(_ socket: LiveSocket) { self.socket = socket }

    func refresh() {
        subscription = socket.subscription
        if !subscription.calls.isEmpty || !calls.isEmpty {
            calls = calls.filter { subscription.calls[$0.key] != nil }
        }
    }

    func greeted() { isNew = false }

    /// Sends the queued messages if the client is writable.
    ///
    /// - Returns: false if the client was disconnected.
    func flush(now: ContinuousClock.Instant) -> Bool {
        guard socket.isWritable else {
            let since = blocked ?? now
            blocked = since
            guard now - since < Self.patience else {
                socket.cutOff()
                return false
            }
            return true
        }
        blocked = nil
        guard !queue.isEmpty else { return true }
        socket.send(queue.drain().map { WireMessage(kind: .text, bytes: $0) })
        return true
    }
}
