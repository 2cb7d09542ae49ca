/// What became of one action.
public struct ActionRecord: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// It still runs.
        case running
        case done
        /// There was nothing to do, which is no failure.
        case nothing(String)
        /// It is known and not played.
        case passedOver(String)
        case failed(String)

        /// One word.
        public var word: String {
            switch self {
            case .running: "running"
            case .done: "done"
            case .nothing: "nothing"
            case .passedOver: "passed_over"
            case .failed: "failed"
            }
        }

        /// The sentence that goes with it, where there is one.
        public var detail: String? {
            switch self {
            case .running, .done: nil
            case .nothing(let text), .passedOver(let text), .failed(let text): text
            }
        }
    }

    /// As its language spells it.
    public var name: String
    /// Samples of the call heard before it began.
    public var started: Int64
    /// Nil while it runs.
    public var ended: Int64?
    public var outcome: Outcome

    public init(name: String, started: Int64, ended: Int64?, outcome: Outcome) {
        self.name = name
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }
}
