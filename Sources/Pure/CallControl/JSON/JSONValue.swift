/// A JSON value as it stood in its document: objects keep their order, numbers their spelling.
public enum JSONValue: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(JSONNumber)
    case text(String)
    case list([JSONValue])
    case object(JSONObject)

    /// A whole number.
    public static func whole(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// What it is, for messages to people: `a text`, `a list`.
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

/// The members of a JSON object, in the order of the document.
public struct JSONObject: Sendable, Hashable {
    public var members: [JSONMember]

    public init(_ members: [JSONMember] = []) { self.members = members }

    /// The first member of that name; assigning replaces it, or adds it at the end; nil removes it.
    ///
    /// - Complexity: O(members).
    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(JSONMember(name, value))
            case (nil, nil): break
            }
        }
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable, Hashable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}
