package import SidetoneCallControl

/// What a platform posts when it asks what a call is to do.
package enum DocumentBody {
    /// SignalWire, as documented: `call`, `vars`, `envs`, `params`; the last two are empty. Any other: `call` and
    /// `variables`, which is assumed.
    package static func bytes(
        for call: WebhookCall, on platform: any Dialect.Type, variables: [String: String], state: String = "created"
    ) -> [UInt8] {
        let values = JSONValue.object(
            JSONObject(variables.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) }))
        var whole = [JSONMember("call", .object(self.call(call, on: platform, state: state)))]
        if platform == SignalWire.self {
            whole += [
                JSONMember("vars", values), JSONMember("envs", .object(JSONObject())),
                JSONMember("params", .object(JSONObject())),
            ]
        } else {
            whole.append(JSONMember("variables", values))
        }
        return JSONWriter.bytes(of: .object(JSONObject(whole)))
    }

    /// What `${call.…}` stands for: the same, as far as it is texts.
    package static func facts(of call: WebhookCall, on platform: any Dialect.Type) -> [String: String] {
        let members = self.call(call, on: platform, state: "answered").members
        return Dictionary(members.map { ($0.name, $0.value) }) { $1 }.compactMapValues { value in
            if case .text(let text) = value { text } else { nil }
        }
    }

    private static func call(_ call: WebhookCall, on platform: any Dialect.Type, state: String) -> JSONObject {
        let isSignalWire = platform == SignalWire.self
        var fields = [JSONMember(isSignalWire ? "call_id" : "id", .text(call.id))]
        func add(_ name: String, _ text: String?) {
            if let text { fields.append(JSONMember(name, .text(text))) }
        }
        if isSignalWire {
            // Of one machine and one leg; which ids a platform puts there is its own affair.
            add("node_id", call.providerCallID ?? call.id)
            add("segment_id", call.id)
            add("call_state", state)
        }
        add("direction", call.direction.rawValue)
        if isSignalWire { add("type", "phone") }
        add("from", call.from)
        add("to", call.to)
        if isSignalWire {
            add("from_number", call.from)
            add("to_number", call.to)
            fields.append(JSONMember("headers", .list([])))
            // Assumed: the account's two ids are those of the application and of the customer.
            add("project_id", call.applicationID)
            add("space_id", call.customerID)
        }
        return JSONObject(fields)
    }
}
