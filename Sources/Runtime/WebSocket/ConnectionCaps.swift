package import NIOCore
import Synchronization

/// Counts the connections of a listener, in total and per client address.
///
/// A connection over a cap is refused before anything is stored for it. A limited number of those at a time is answered
/// 503 with Retry-After; beyond that they are closed immediately, because an answer costs a TLS handshake.
package final class ConnectionCaps: Sendable {
    private struct State {
        var open = 0
        var answering = 0
        /// Addresses with a connection only, so there are never more entries than connections.
        var byAddress: [ClientAddress: Int] = [:]
        var refused = 0
    }

    package enum Admission {
        case admitted(Place)
        /// Over a cap; to be answered. Counts among the refusals being answered.
        case answered(Place)
        /// Over a cap; to be closed immediately.
        case closed
    }

    /// The maximum number of refusals being answered.
    static let maxAnswers = 32

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    package init(_ limits: ConnectionLimits) { self.limits = limits }

    /// The number of refused connections, answered or not.
    package var refused: Int { state.withLock { $0.refused } }

    package func admit(_ address: SocketAddress?) -> Admission { admit(address?.ipAddress ?? "") }

    func admit(_ address: String) -> Admission {
        let isProxy = !limits.trustedProxies.isEmpty && limits.trustedProxies.contains { $0.contains(address) }
        let client = isProxy ? nil : ClientAddress(address)
        return state.withLock { state in
            let hasShare = client.map { state.byAddress[$0, default: 0] < limits.perAddress } ?? true
            guard state.open < limits.total, hasShare else {
                state.refused += 1
                guard state.answering < Self.maxAnswers else { return .closed }
                state.answering += 1
                return .answered(Place(self, isAnswer: true, client: nil))
            }
            state.open += 1
            if let client { state.byAddress[client, default: 0] += 1 }
            return .admitted(Place(self, isAnswer: false, client: client))
        }
    }

    private func release(isAnswer: Bool, client: ClientAddress?) {
        state.withLock { state in
            guard !isAnswer else {
                state.answering -= 1
                return
            }
            state.open -= 1
            guard let client else { return }
            let rest = state.byAddress[client, default: 1] - 1
            state.byAddress[client] = rest > 0 ? rest : nil
        }
    }

    /// The reservation of one connection.
    package final class Place: Sendable {
        private let caps: ConnectionCaps
        private let isAnswer: Bool
        private let client: ClientAddress?
        private let isLeft = Atomic(false)

        fileprivate init(_ caps: ConnectionCaps, isAnswer: Bool, client: ClientAddress?) {
            self.caps = caps
            self.isAnswer = isAnswer
            self.client = client
        }

        /// Releases the reservation: the connection has ended or, after its upgrade, is no longer counted here.
        /// Idempotent.
        package func release() {
            guard !isLeft.exchange(true, ordering: .acquiringAndReleasing) else { return }
            caps.release(isAnswer: isAnswer, client: client)
        }
    }
}
