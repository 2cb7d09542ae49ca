/// What became of one action.
package struct ActionRecord: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// It still runs.
        case running
        case done
        /// There was nothing to do, which is no failure.
        case nothing(String)
        /// It is known and not played.
        case passedOver(String)
        case failed(String)

        /// One word.
        package var word: String {
            switch self {
            case .running: "running"
            case .done: "done"
            case .nothing: "nothing"
            case .passedOver: "passed_over"
            case .failed: "failed"
            }
        }

        /// The sentence that goes with it, where there is one.
        package var detail: String? {
            switch self {
            case .running, .done: nil
            case .nothing(let text), .passedOver(let text), .failed(let text): text
            }
        }
    }

    /// As its language spells it.
    package var name: String
    /// Samples of the call heard before it began.
    package var started: Int64
    /// Nil while it runs.
    package var ended: Int64?
    package var outcome: Outcome

    package init(name: String, started: Int64, ended: Int64?, outcome: Outcome) {
        self.name = name
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }
}
