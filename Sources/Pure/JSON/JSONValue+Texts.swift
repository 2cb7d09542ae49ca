extension JSONValue {
    /// The same value with every text transformed. Member names are unchanged.
    /// - Parameter change: called with each text and its path.
    public func changingTexts<Failure: Error>(
        at path: JSONPath = JSONPath(), _ change: (String, JSONPath) throws(Failure) -> String
    ) throws(Failure) -> JSONValue {
        switch self {
        case .text(let text): return .text(try change(text, path))
        case .list(var items):
            for index in items.indices { items[index] = try items[index].changingTexts(at: path.item(index), change) }
            return .list(items)
        case .object(var object):
            for index in object.members.indices {
                let member = object.members[index]
                object.members[index].value = try member.value.changingTexts(at: path.member(member.name), change)
            }
            return .object(object)
        case .null, .flag, .number: return self
        }
    }
}
