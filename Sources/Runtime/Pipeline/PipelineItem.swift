package import SidetoneModel

/// An item passed to the sinks of a pipeline.
package enum PipelineItem: Sendable {
    /// An output of a stream.
    case stream(StreamInfo, StreamOutput)
    /// An entry of one of a call's three logs.
    case log(CallLogEntry)

    /// The kinds that a sink may accept; every sink receives the openings and ends of streams.
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

    /// Its kind; empty for items that every sink receives and that are never refused.
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
