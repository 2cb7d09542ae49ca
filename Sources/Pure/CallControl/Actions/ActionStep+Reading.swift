import SidetoneJSON

extension ActionStep {
    /// Reads one entry, in either form.
    /// - Returns: nil for an invalid entry; the diagnostics state the problem.
    static func read(_ value: JSONValue, at path: JSONPath, into diagnostics: inout Diagnostics) -> ActionStep? {
        guard case .object(let object) = value else {
            var remedy = "write {\"hold\": {}}, or {\"type\": \"hold\"}"
            if case .text(let name) = value, ActionCatalog.named(name) != nil { remedy = "write {\"\(name)\": {}}" }
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path, wrong: "is \(value.kind)", allowed: "an action, which is an object",
                    remedy: remedy))
            return nil
        }
        if object["type"] != nil { return readTyped(object, at: path, into: &diagnostics) }
        if object.members.count == 1 { return readKeyed(object.members[0], at: path, into: &diagnostics) }
        let names = object.members.map(\.name).filter { ActionCatalog.named($0) != nil }
        let remedy =
            switch names.count {
            case 0: object.members.isEmpty ? "write {\"hold\": {}}" : "add \"type\" with the action's name"
            case 1: "move the other keys into the object of \"\(names[0])\", or into a separate entry"
            default: "write each action as a separate entry, in order"
            }
        diagnostics.add(
            Diagnostic(
                .ambiguousAction, at: path,
                wrong: object.members.isEmpty ? "is empty" : "has \(object.members.count) keys",
                allowed: "one key, the action's name, or \"type\" beside the parameters", remedy: remedy))
        for member in object.members where names.contains(member.name) {
            _ = readKeyed(member, at: path, into: &diagnostics)
        }
        return nil
    }

    private static func readTyped(
        _ object: JSONObject, at path: JSONPath, into diagnostics: inout Diagnostics
    ) -> ActionStep? {
        guard case .text(let name)? = object["type"] else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path.member("type"), wrong: "is not a text", allowed: list,
                    remedy: "name the action in quotation marks"))
            return nil
        }
        guard let type = ActionCatalog.named(name) else {
            diagnostics.add(unknown(name, at: path.member("type")))
            return nil
        }
        return read(type, object: object, at: path, form: .typed, into: &diagnostics)
    }

    private static func readKeyed(
        _ member: JSONMember, at path: JSONPath, into diagnostics: inout Diagnostics
    ) -> ActionStep? {
        let path = path.member(member.name)
        guard let type = ActionCatalog.named(member.name) else {
            diagnostics.add(unknown(member.name, at: path))
            return nil
        }
        guard case .object(let parameters) = member.value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path, wrong: "is \(member.value.kind)", allowed: "an object with the parameters",
                    remedy: "write {…}, or {} without parameters"))
            return nil
        }
        return read(type, object: parameters, at: path, form: .keyed, into: &diagnostics)
    }

    private static func read(
        _ type: any Action.Type, object: JSONObject, at path: JSONPath, form: Form, into diagnostics: inout Diagnostics
    ) -> ActionStep? {
        var fields = FieldReader(object, at: path, .document)
        // The keyed form may repeat its type; the platform's tables list `type` for both.
        if let repeated = fields.text("type"), repeated != type.name {
            fields.record(
                .contradiction, name: "type", wrong: "names another action", allowed: "\"\(type.name)\"",
                remedy: "remove it")
        }
        let action = type.init(&fields)
        let found = fields.finish()
        diagnostics.add(found)
        return found.isEmpty ? action.map { ActionStep($0, form) } : nil
    }

    private static let list = ActionCatalog.names.joined(separator: ", ")

    private static func unknown(_ name: String, at path: JSONPath) -> Diagnostic {
        let remedy: String
        if let match = NearestWord.of(name, in: ActionCatalog.names) {
            remedy = "did you mean \"\(match)\"?"
        } else if name.lowercased().contains("variable") {
            remedy = "remove it; the platform publishes no action that sets variables"
        } else {
            remedy = "remove it, or choose one of them"
        }
        return Diagnostic(
            .unknownAction, at: path, wrong: "is not a published action", allowed: list, remedy: remedy)
    }
}
