import Synchronization

/// Counts a server's connections: those whose upgrade is still to come, and those of each address.
///
/// A connection over a cap is closed before anything is kept for it, so that neither slow handshakes nor one address
/// can take the places of others.
final class ConnectionCaps: Sendable {
    private struct State {
        var waiting = 0
        /// Only addresses that have a connection: no more entries than connections.
        var byAddress: [String: Int] = [:]
        var refused = 0
    }

    private let limits: WebSocketLimits
    private let state = Mutex(State())

    init(_ limits: WebSocketLimits) { self.limits = limits }

    /// How many were refused in all.
    var refused: Int { state.withLock { $0.refused } }

    /// Takes a place for a connection.
    ///
    /// - Returns: nil over a cap.
    func admit(_ address: String) -> Place? {
        state.withLock { state in
            guard state.waiting < limits.connectionsBeforeUpgrade,
                state.byAddress[address, default: 0] < limits.connectionsPerAddress
            else {
                state.refused += 1
                return nil
            }
            state.waiting += 1
            state.byAddress[address, default: 0] += 1
            return Place(self, address)
        }
    }

    /// One connection's place.
    final class Place: Sendable {
        private let caps: ConnectionCaps
        private let address: String
        private let isWaiting = Atomic(true)

        fileprivate init(_ caps: ConnectionCaps, _ address: String) {
            self.caps = caps
            self.address = address
        }

        /// The upgrade is done.
        func upgraded() {
            guard isWaiting.exchange(false, ordering: .acquiringAndReleasing) else { return }
            caps.state.withLock { $0.waiting -= 1 }
        }

        /// The connection is gone. Once a connection.
        func leave() {
            upgraded()
            caps.state.withLock { state in
                let rest = state.byAddress[address, default: 1] - 1
                state.byAddress[address] = rest > 0 ? rest : nil
            }
        }
    }
}
