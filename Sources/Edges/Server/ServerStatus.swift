import NIOCore
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket
import Synchronization

/// The exact count of streams, and all other counters shared by connections on several event loops.
final class ServerStatus: Sendable {
    private struct State {
        var counts: ReceiverCounts
        /// Streams per client address; only addresses with at least one.
        var byAddress: [ClientAddress: Int] = [:]
        var connections: [ObjectIdentifier: NIOLoopBound<StreamConnection>] = [:]
    }

    private let limit: Int
    private let perAddress: Int
    private let state: Mutex<State>
    private let drainedWake = WakeSignal()

    /// - Parameters:
    ///   - limit: maximum concurrent streams.
    ///   - perAddress: maximum per client address.
    init(limit: Int, perAddress: Int) {
        self.limit = limit
        self.perAddress = perAddress
        state = Mutex(State(counts: ReceiverCounts(limit: limit)))
    }

    enum Admission {
        case admitted(StreamSlot)
        case full, addressFull, draining
    }

    /// Acquires a slot for a stream, if one is free.
    func admit(_ address: ClientAddress) -> Admission {
        state.withLock { state in
            guard !state.counts.isDraining else { return .draining }
            guard state.counts.streamsOpen < limit else {
                state.counts.full += 1
                return .full
            }
            guard state.byAddress[address, default: 0] < perAddress else {
                state.counts.addressFull += 1
                return .addressFull
            }
            state.byAddress[address, default: 0] += 1
            state.counts.streamsOpen += 1
            return .admitted(StreamSlot(self, address))
        }
    }

    func add(_ connection: StreamConnection, on loop: any EventLoop) {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        state.withLock { $0.connections[ObjectIdentifier(connection)] = bound }
    }

    func remove(_ connection: StreamConnection) {
        state.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
    }

    fileprivate func release(_ address: ClientAddress) {
        let isDrained = state.withLock { state in
            state.counts.streamsOpen -= 1
            let rest = state.byAddress[address, default: 1] - 1
            state.byAddress[address] = rest > 0 ? rest : nil
            return state.counts.isDraining && state.counts.streamsOpen == 0
        }
        if isDrained { drainedWake.signal() }
    }

    /// Increments a counter.
    func count(_ what: any WritableKeyPath<ReceiverCounts, Int> & Sendable) {
        state.withLock { $0.counts[keyPath: what] += 1 }
    }

    /// Counts a message and the time to its last row.
    func count(latency nanoseconds: Int64) {
        state.withLock { state in
            state.counts.messages += 1
            state.counts.latency.record(nanoseconds: nanoseconds)
        }
    }

    /// Counts a message that ended its stream.
    func countLastMessage() { state.withLock { $0.counts.messages += 1 } }

    func countDropped(bytes: Int) { state.withLock { $0.counts.droppedBytes += bytes } }

    func count(refusal code: String) {
        state.withLock { state in
            state.counts.refusedMessages += 1
            state.counts.refusals[code, default: 0] += 1
        }
    }

    func record(_ signal: Signal, seconds: Double) {
        state.withLock { $0.counts.signalDelays.record(signal, seconds: seconds) }
    }

    var counts: ReceiverCounts { state.withLock { $0.counts } }
    var openConnections: [NIOLoopBound<StreamConnection>] { state.withLock { Array($0.connections.values) } }

    var isDraining: Bool { state.withLock { $0.counts.isDraining } }

    /// Admits nothing more.
    func startDraining() { state.withLock { $0.counts.isDraining = true } }

    /// Waits until no stream is open; cancellation ends the wait.
    func drained() async {
        while state.withLock({ $0.counts.streamsOpen > 0 }), !Task.isCancelled { await drainedWake.wait() }
    }
}

/// The slot of an admitted stream, released once, at the latest when it is deallocated.
final class StreamSlot: Sendable {
    let status: ServerStatus
    private let address: ClientAddress
    private let isLeft = Atomic(false)

    fileprivate init(_ status: ServerStatus, _ address: ClientAddress) {
        self.status = status
        self.address = address
    }

    func release() {
        guard !isLeft.exchange(true, ordering: .acquiringAndReleasing) else { return }
        status.release(address)
    }

    deinit { release() }
}
