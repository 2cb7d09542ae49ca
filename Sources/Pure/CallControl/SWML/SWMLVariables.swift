public import SidetoneJSON

/// The variables of a SWML document: what its stream methods set, and what it sets itself.
public enum SWMLVariables {
    /// After `stream`: its result, and the control id of the stream that started.
    ///
    /// - Parameter started: nil when the start failed; `stream_control_id` keeps its value then.
    public static func afterStream(_ started: ActiveStream?) -> [String: String] {
        guard let started else { return ["stream_result": "failed"] }
        return ["stream_result": "success", "stream_control_id": started.controlID]
    }

    /// After `stop_stream`: whether anything stopped.
    public static func afterStopStream(_ stopped: [ActiveStream]) -> [String: String] {
        ["stop_stream_result": stopped.isEmpty ? "failed" : "success"]
    }

    /// How many of them `set` may make, and of how many bytes; ours.
    static let most = 1_000
    static let mostBytes = 4_096

    /// Carries out `{"set": {"name": "value"}}` or `{"unset": ["name"]}`. Texts, numbers and flags are set, as texts; lists
    /// and objects are not.
    ///
    /// - Returns: false when the step holds something else, or makes too much; nothing is changed then.
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
