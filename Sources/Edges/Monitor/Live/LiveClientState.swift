import SidetoneModel
import SidetonePipeline

/// How far one client of the live socket was told.
final class LiveClientState {
    /// A client that takes nothing for so long is cut off.
    static let patience = Duration.seconds(10)

    let socket: LiveSocket
    var queue = LiveQueue()
    /// What it asked for, as of this turn.
    private(set) var subscription = LiveSocket.Subscription()
    private(set) var isNew = true
    /// The turn whose levels it was told last.
    var toldLevels: Int64 = 0
    /// Subscriptions to the active calls that were answered with a snapshot.
    var sentSnapshots = 0
    /// Where it stands in each call it looks at.
    var calls: [String: CallProgress] = [:]
    private var blocked: ContinuousClock.Instant?

    struct CallProgress {
        var watch: SubscriptionOptions
        /// The next step of each track's course to tell.
        var steps: [Int]
        var turn: Int64 = -1
    }

    init(_ socket: LiveSocket) { self.socket = socket }

    func refresh() {
        subscription = socket.subscription
        if !subscription.calls.isEmpty || !calls.isEmpty {
            calls = calls.filter { subscription.calls[$0.key] != nil }
        }
    }

    func greeted() { isNew = false }

    /// Sends what waits, where the client takes it.
    ///
    /// - Returns: false when the client was cut off.
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
