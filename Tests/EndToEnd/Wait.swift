import Foundation

/// The only way a test waits for what another process, thread or task does: a file, a port, a line of output, an end.
///
/// Each wait states what it waits for, is bounded, and fails with what was seen last. Waiting by polling takes as long as
/// the condition takes; the bound only ends a wait that would last for ever.
enum Wait {
    enum Observation<Value> {
        case done(Value)
        /// Not yet: what was seen instead.
        case seen(String)
    }

    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    /// Far longer than anything takes on a busy machine.
    static let patience = Duration.seconds(120)
    private static let interval = Duration.milliseconds(5)

    /// Polls until the condition holds.
    ///
    /// - Parameter what: what is waited for, as in "inbound.wav holds 8000 samples".
    /// - Throws: `TimedOut` with what was seen last, or what `observe` throws.
    @discardableResult
    static func until<Value>(
        _ what: String, within limit: Duration = patience, isolation: isolated (any Actor)? = #isolation,
        observe: () async throws -> Observation<Value>
    ) async throws -> Value {
        let deadline = ContinuousClock.now + limit
        while true {
            switch try await observe() {
            case .done(let value): return value
            case .seen(let seen):
                guard ContinuousClock.now < deadline else {
                    throw TimedOut(description: "waited \(limit) until \(what); seen: \(seen)")
                }
            }
            try await Task.sleep(for: interval)
        }
    }

    /// Polls until the condition holds; `seen` says what there is while it does not.
    static func until(
        _ what: String, within limit: Duration = patience, isolation: isolated (any Actor)? = #isolation,
        seen: () -> String, condition: () async throws -> Bool
    ) async throws {
        try await until(what, within: limit) { try await condition() ? .done(()) : .seen(seen()) }
    }
}
