public import SidetoneJSON

/// The variables of a SWML document, set by its stream methods and by `set`.
public enum SWMLVariables {
    /// After `stream`: its result, and the control ID of the started stream.
    /// - Parameter started: nil when the start failed; `stream_control_id` then keeps its value.
    public static func afterStream(_ started: ActiveStream?) -> [String: String] {
        guard let started else { return ["stream_result": "failed"] }
        return ["stream_result": "success", "stream_control_id": started.controlID]
    }

    /// After `stop_stream`: whether any stream stopped.
    public static func afterStopStream(_ stopped: [ActiveStream]) -> [String: String] {
        ["stop_stream_result": stopped.isEmpty ? "failed" : "success"]
    }

    /// Sidetone's limits of `set`: the number of variables, and their size in bytes.
    static let most = 1_000
    static let mostBytes = 4_096

    /// Executes `{"set": {"name": "value"}}` or `{"unset": ["name"]}`. Texts, numbers and booleans are set as texts;
    /// lists and objects are rejected.
    /// - Returns: false when the step has another form, or exceeds the limits; nothing is then changed.
    public static func change(_ variables: inout [String: String], by step: JSONValue) -> Bool {
        guard case .object(let object) = step, let method = object.members.first else { return false }
        var changed = variables
        switch (method.name, method.value) {
        case ("set", .object(let values)):
            for member in values.members {
                guard let text = text(member.value), text.utf8.count <= mostBytes, member.name.utf8.count <= 128 else {
                    return false
                }
                changed[member.name] = text
            }
        case ("unset", .text(let name)): changed[name] = nil
        case ("unset", .list(let names)):
            for name in names {
                guard case .text(let name) = name else { return false }
                changed[name] = nil
            }
        default: return false
        }
        guard changed.count <= most else { return false }
        variables = changed
        return true
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .text(let text): text
        case .number(let number): number.literal
        case .flag(let flag): "\(flag)"
        case .null, .list, .object: nil
        }
    }
}
