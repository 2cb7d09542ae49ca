public import SidetoneModel

/// What is known of a stream before its dialect is: its upgrade request and its first messages.
public struct Opening: Sendable {
    /// Of the upgrade request, without its query.
    public var path: String
    /// The query of the upgrade request, as it was sent; empty where there is none.
    public var query: String
    /// Header fields of the upgrade request, names in lower case.
    public var headers: [String: String]
    /// Names the connection: the id of streams whose platform sends none.
    public var connectionID: String
    public var messages: [WireMessage]

    public init(
        path: String = "", query: String = "", headers: [String: String] = [:], connectionID: String = "",
        messages: [WireMessage] = []
    ) {
        self.path = path
        self.query = query
        self.headers = headers
        self.connectionID = connectionID
        self.messages = messages
    }

    /// The subprotocols that the platform offers, in its order of preference (RFC 6455 §11.3.4).
    public var subprotocols: [String] {
        (headers["sec-websocket-protocol"] ?? "").split(separator: ",").map { field in
            String(field.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }
}

/// How sure a dialect is that a stream is its own.
public enum Recognition: Int, Sendable, Comparable {
    case no, maybe, sure
    public static func < (left: Recognition, right: Recognition) -> Bool { left.rawValue < right.rawValue }
}
