import SidetoneJSON

/// The methods that SignalWire publishes for calls: the pages below `swml/reference/methods/calling` and the union
/// `SWMLMethod` of `specs/swml/calling` (github.com/signalwire/docs).
enum SWMLMethods {
    static let names: Set<String> = [
        "ai", "ai_sidecar", "amazon_bedrock", "answer", "cond", "connect", "denoise", "detect_machine", "enter_queue",
        "execute", "goto", "hangup", "join_conference", "join_room", "label", "live_transcribe", "live_translate",
        "pay", "play", "prompt", "receive_fax", "record", "record_call", "request", "return", "send_digits",
        "send_fax", "send_sms", "set", "sip_refer", "sleep", "stop_denoise", "stop_record_call", "stop_stream",
        "stop_tap", "stream", "switch", "tap", "transcribe", "transcribe_stop", "transfer", "unset", "user_event",
    ]

    static func unknown(_ name: String, at path: JSONPath) -> Diagnostic {
        let sorted = names.sorted()
        let remedy =
            NearestWord.question(name, in: sorted) ?? "remove it, or choose one of them"
        return Diagnostic(
            .unknownAction, at: path, wrong: "is not a method that SignalWire publishes",
            allowed: sorted.joined(separator: ", "),
            remedy: remedy)
    }

    /// Checks the steps that a method contains: the branches of `cond` and `switch`, `on_return` of `execute`, and
    /// `result` of `execute`, `connect` and other methods.
    static func check(
        stepsInside value: JSONValue, of name: String, at path: JSONPath, into diagnostics: inout Diagnostics
    ) {
        switch name {
        case "cond": checkBranches(value, at: path, into: &diagnostics)
        case "switch": checkCases(value, at: path, into: &diagnostics)
        default:
            guard case .object(let object) = value else { return }
            if let steps = object["on_return"] { check(steps, at: path.member("on_return"), into: &diagnostics) }
            // A `switch` when it is an object, a `cond` when it is a list.
            switch object["result"] {
            case .object?: checkCases(object["result"], at: path.member("result"), into: &diagnostics)
            case .list?: checkBranches(object["result"], at: path.member("result"), into: &diagnostics)
            default: break
            }
        }
    }

    private static func checkBranches(_ value: JSONValue?, at path: JSONPath, into diagnostics: inout Diagnostics) {
        guard case .list(let branches)? = value else { return }
        for (index, branch) in branches.enumerated() {
            guard case .object(let branch) = branch else { continue }
            for name in ["then", "else"] {
                if let steps = branch[name] { check(steps, at: path.item(index).member(name), into: &diagnostics) }
            }
        }
    }

    private static func checkCases(_ value: JSONValue?, at path: JSONPath, into diagnostics: inout Diagnostics) {
        guard case .object(let object)? = value else { return }
        if case .object(let cases)? = object["case"] {
            for member in cases.members {
                check(member.value, at: path.member("case").member(member.name), into: &diagnostics)
            }
        }
        if let steps = object["default"] { check(steps, at: path.member("default"), into: &diagnostics) }
    }

    private static func check(_ steps: JSONValue, at path: JSONPath, into diagnostics: inout Diagnostics) {
        guard case .list(let steps) = steps else { return }
        for (index, step) in steps.enumerated() where diagnostics.omitted == 0 {
            _ = SWMLStep.read(step, at: path.item(index), into: &diagnostics)
        }
    }
}
