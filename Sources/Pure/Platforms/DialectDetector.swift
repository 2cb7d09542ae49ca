public import SidetoneModel

/// What is known of a stream before its dialect is: the head of its upgrade request and its first messages.
public struct Opening: Sendable {
    /// Header fields of the upgrade request, names in lower case.
    public var headers: [String: String]
    public var messages: [WireMessage]

    public init(headers: [String: String] = [:], messages: [WireMessage] = []) {
        self.headers = headers
        self.messages = messages
    }
}

/// How sure a dialect is that a stream is its own.
public enum Recognition: Int, Sendable, Comparable {
    case no, maybe, sure
    public static func < (left: Recognition, right: Recognition) -> Bool { left.rawValue < right.rawValue }
}

/// Finds the dialect of a stream from its opening.
///
/// Decides as soon as one dialect is sure, and by the likeliest after three messages. The guess is for convenience: a
/// pipeline file that names the dialect, or gives each its own path, is never wrong.
public struct DialectDetector: Sendable {
    /// Messages after which the likeliest dialect is taken.
    public static let patience = 3

    public private(set) var opening: Opening

    public init(headers: [String: String] = [:]) { opening = Opening(headers: headers) }

    /// Takes the next message; gives the dialect once it is known. `opening.messages` then holds what it must read.
    public mutating func offer(_ message: WireMessage) -> (any Dialect.Type)? {
        opening.messages.append(message)
        let votes = DialectCatalog.all.map { (dialect: $0, recognition: $0.recognizes(opening)) }
        if let sure = votes.first(where: { $0.recognition == .sure }) { return sure.dialect }
        guard opening.messages.count >= Self.patience else { return nil }
        return votes.first { $0.recognition == .maybe }?.dialect
    }

    /// Why no dialect has been recognised, and which there are.
    public var problem: String {
        "no dialect recognised: \(OpeningProblem.text(opening.messages)) (dialects: "
            + DialectCatalog.all.map { $0.name }.joined(separator: ", ") + ")"
    }

    /// Whether no further message will be waited for.
    public var isExhausted: Bool { opening.messages.count >= Self.patience }
}
