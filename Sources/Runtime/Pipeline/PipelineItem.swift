public import SidetoneModel

/// What the sinks of a pipeline are given.
public enum PipelineItem: Sendable {
    /// What left a stream.
    case stream(StreamInfo, StreamOutput)
    /// What one of a call's three logs says.
    case log(CallLogEntry)

    /// The kinds that a sink may ask for; openings and ends of streams reach every sink.
    public struct Kinds: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let samples = Kinds(rawValue: 1)
        public static let rows = Kinds(rawValue: 2)
        public static let signals = Kinds(rawValue: 4)
        public static let messages = Kinds(rawValue: 8)
        public static let logs = Kinds(rawValue: 16)
        public static let health = Kinds(rawValue: 32)
        public static let overview = Kinds(rawValue: 64)
    }

    /// The kind it is, empty for what reaches every sink and is never refused.
    var kind: Kinds {
        switch self {
        case .stream(_, .opened), .stream(_, .track), .stream(_, .ended): []
        case .stream(_, .samples): .samples
        case .stream(_, .rows): .rows
        case .stream(_, .signal): .signals
        case .stream(_, .message): .messages
        case .stream(_, .health): .health
        case .stream(_, .step): .overview
        case .log: .logs
        }
    }
}
