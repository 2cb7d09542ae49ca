/// The result of one action.
package struct ActionRecord: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// It is running.
        case running
        case done
        /// It had no effect, which is not a failure.
        case nothing(String)
        /// It is known but not emulated.
        case passedOver(String)
        case failed(String)

        /// The outcome as one word.
        package var word: String {
            switch self {
            case .running: "running"
            case .done: "done"
            case .nothing: "nothing"
            case .passedOver: "passed_over"
            case .failed: "failed"
            }
        }

        /// The sentence with the outcome, if any.
        package var detail: String? {
            switch self {
            case .running, .done: nil
            case .nothing(let text), .passedOver(let text), .failed(let text): text
            }
        }
    }

    /// The name in its language.
    package var name: String
    /// The position of its start, in samples of the call.
    package var started: Int64
    /// Nil while it is running.
    package var ended: Int64?
    package var outcome: Outcome

    package init(name: String, started: Int64, ended: Int64?, outcome: Outcome) {
        self.name = name
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }
}
