public import SidetoneJSON

/// One step of a SWML section.
public enum SWMLStep: Sendable, Hashable {
    case stream(SWMLStream)
    /// Without a control ID: the stream that started last.
    case stopStream(controlID: String?)
    /// Any other method, preserved as written.
    case other(name: String, step: JSONValue)

    public var instruction: CallInstruction {
        switch self {
        case .stream(let stream): .startStream(stream.request)
        case .stopStream(let controlID): .stopStream(controlID.map { .controlID($0) } ?? .mostRecent)
        case .other(let name, let step): .other(name: name, step: step)
        }
    }

    public var json: JSONValue {
        switch self {
        case .stream(let stream): Self.step("stream", parameters: stream.parameters)
        case .stopStream(let controlID):
            Self.step("stop_stream", parameters: members(["control_id": controlID.map { .text($0) }]))
        case .other(_, let step): step
        }
    }

    private static func step(_ name: String, parameters: [JSONMember]) -> JSONValue {
        .object(JSONObject([JSONMember(name, .object(JSONObject(parameters)))]))
    }

    static func read(_ value: JSONValue, at path: JSONPath, into diagnostics: inout Diagnostics) -> SWMLStep? {
        guard case .object(let object) = value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path, wrong: "is \(value.kind)", allowed: "a step, which is an object",
                    remedy: "write {\"hangup\": {}}"))
            return nil
        }
        guard object.members.count == 1, let member = object.members.first else {
            diagnostics.add(
                Diagnostic(
                    .ambiguousAction, at: path,
                    wrong: object.members.isEmpty ? "is empty" : "has \(object.members.count) keys",
                    allowed: "one key, the method's name", remedy: "write each method as a separate step"))
            return nil
        }
        let path = path.member(member.name)
        guard member.name == "stream" || member.name == "stop_stream" else {
            guard SWMLMethods.names.contains(member.name) else {
                diagnostics.add(SWMLMethods.unknown(member.name, at: path))
                return nil
            }
            SWMLMethods.check(stepsInside: member.value, of: member.name, at: path, into: &diagnostics)
            return .other(name: member.name, step: value)
        }
        guard case .object(let parameters) = member.value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path, wrong: "is \(member.value.kind)", allowed: "an object",
                    remedy: "write {} if it is empty")
            )
            return nil
        }
        var fields = FieldReader(parameters, at: path, .document)
        let step: SWMLStep?
        if member.name == "stream" {
            step = SWMLStream(&fields).map { .stream($0) }
        } else {
            step = .stopStream(controlID: fields.text("control_id", need: .optional, rule: .notEmpty))
        }
        let found = fields.finish()
        diagnostics.add(found)
        return found.isEmpty ? step : nil
    }
}
