package import SidetoneModel

/// What the sinks of a pipeline are given.
package enum PipelineItem: Sendable {
    /// What left a stream.
    case stream(StreamInfo, StreamOutput)
    /// What one of a call's three logs says.
    case log(CallLogEntry)

    /// The kinds that a sink may ask for; openings and ends of streams reach every sink.
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }
        package static let samples = Kinds(rawValue: 1)
        package static let rows = Kinds(rawValue: 2)
        package static let signals = Kinds(rawValue: 4)
        package static let messages = Kinds(rawValue: 8)
        package static let logs = Kinds(rawValue: 16)
        package static let health = Kinds(rawValue: 32)
        package static let overview = Kinds(rawValue: 64)
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
