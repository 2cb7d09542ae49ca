public import SidetoneCallControl
public import SidetoneDialects

/// What a platform posts when it asks what a call is to do.
public enum DocumentBody {
    /// SignalWire: `call`, `vars`, `envs`, `params`. Any other: `call` and `variables`, which is assumed.
    public static func bytes(
        for call: WebhookCall, on platform: any Dialect.Type, variables: [String: String]
    ) -> [UInt8] {
        let isSignalWire = platform == SignalWire.self
        var fields = [JSONMember(isSignalWire ? "call_id" : "id", .text(call.id))]
        if isSignalWire {
            fields += [
                JSONMember("node_id", .text(call.id)), JSONMember("segment_id", .text(call.id)),
                JSONMember("call_state", .text("created")), JSONMember("type", .text("phone")),
            ]
        }
        fields.append(JSONMember("direction", .text(call.direction.rawValue)))
        if let from = call.from { fields.append(JSONMember("from", .text(from))) }
        if let to = call.to { fields.append(JSONMember("to", .text(to))) }
        let values = JSONValue.object(
            JSONObject(variables.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) }))
        var whole = [JSONMember("call", .object(JSONObject(fields)))]
        if isSignalWire {
            whole += [
                JSONMember("vars", values), JSONMember("envs", .object(JSONObject())),
                JSONMember("params", .object(JSONObject())),
            ]
        } else {
            whole.append(JSONMember("variables", values))
        }
        return JSONWriter.bytes(of: .object(JSONObject(whole)))
    }
}
