/// A JSON value: objects keep their order, numbers their spelling.
public enum JSONValue: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(JSONNumber)
    case text(String)
    case list([JSONValue])
    case object(JSONObject)

    /// A whole number.
    public static func whole(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// Its kind, for messages: `a text`, `a list`.
    public var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
