import SidetoneJSON

extension ActionStep {
    /// Reads one entry, in either form.
    ///
    /// - Returns: nil when it cannot be run; the findings say why.
    static func read(_ value: JSONValue, at path: JSONPath, into findings: inout Findings) -> ActionStep? {
        guard case .object(let object) = value else {
            var remedy = "write {\"hold\": {}}, or {\"type\": \"hold\"}"
            if case .text(let name) = value, ActionCatalog.named(name) != nil { remedy = "write {\"\(name)\": {}}" }
            findings.add(
                Finding(.wrongType, path, "is \(value.kind)", allowed: "an action, which is an object", remedy))
            return nil
        }
        if object["type"] != nil { return readTyped(object, at: path, into: &findings) }
        if object.members.count == 1 { return readKeyed(object.members[0], at: path, into: &findings) }
        let names = object.members.map(\.name).filter { ActionCatalog.named($0) != nil }
        let remedy =
            switch names.count {
            case 0: object.members.isEmpty ? "write {\"hold\": {}}" : "add \"type\" with the action's name"
            case 1: "put the other keys into the object of \"\(names[0])\", or into an entry of their own"
            default: "give each action an entry of its own, in the order wanted"
            }
        findings.add(
            Finding(
                .ambiguousAction, path, object.members.isEmpty ? "is empty" : "has \(object.members.count) keys",
                allowed: "one key, the action's name, or \"type\" beside the parameters", remedy))
        for member in object.members where names.contains(member.name) {
            _ = readKeyed(member, at: path, into: &findings)
        }
        return nil
    }

    private static func readTyped(
        _ object: JSONObject, at path: JSONPath, into findings: inout Findings
    ) -> ActionStep? {
        guard case .text(let name)? = object["type"] else {
            findings.add(
                Finding(
                    .wrongType, path.member("type"), "is not a text", allowed: list,
                    "name the action in quotation marks"))
            return nil
        }
        guard let type = ActionCatalog.named(name) else {
            findings.add(unknown(name, at: path.member("type")))
            return nil
        }
        return read(type, object: object, at: path, form: .typed, into: &findings)
    }

    private static func readKeyed(
        _ member: JSONMember, at path: JSONPath, into findings: inout Findings
    ) -> ActionStep? {
        let path = path.member(member.name)
        guard let type = ActionCatalog.named(member.name) else {
            findings.add(unknown(member.name, at: path))
            return nil
        }
        guard case .object(let parameters) = member.value else {
            findings.add(
                Finding(
                    .wrongType, path, "is \(member.value.kind)", allowed: "an object with the parameters",
                    "write {…}, or {} where there are none"))
            return nil
        }
        return read(type, object: parameters, at: path, form: .keyed, into: &findings)
    }

    private static func read(
        _ type: any Action.Type, object: JSONObject, at path: JSONPath, form: Form, into findings: inout Findings
    ) -> ActionStep? {
        var fields = FieldReader(object, at: path, .document)
        // The keyed form may say its type once more; the platform's tables list `type` for both.
        if let repeated = fields.text("type"), repeated != type.name {
            fields.record(
                .contradiction, name: "type", wrong: "names another action", allowed: "\"\(type.name)\"",
                remedy: "remove it")
        }
        let action = type.init(&fields)
        let found = fields.finish()
        findings.add(found)
        return found.isEmpty ? action.map { ActionStep($0, form) } : nil
    }

    private static let list = ActionCatalog.names.joined(separator: ", ")

    private static func unknown(_ name: String, at path: JSONPath) -> Finding {
        let remedy: String
        if let match = NearestWord.of(name, in: ActionCatalog.names) {
            remedy = "did you mean \"\(match)\"?"
        } else if name.lowercased().contains("variable") {
            remedy = "remove it; variables can be set by actions, but the platform publishes no name for them"
        } else {
            remedy = "remove it, or choose one of them"
        }
        return Finding(.unknownAction, path, "is no action that the platform publishes", allowed: list, remedy)
    }
}
