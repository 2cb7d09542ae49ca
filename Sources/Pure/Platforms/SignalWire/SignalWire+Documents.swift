public import SidetoneCallControl
public import SidetoneJSON

extension SignalWire {
    public static let documents = DocumentProfile(language: .swml, method: .post, signature: .urlAndBodyHMAC)

    /// As documented; `vars`, `envs` and `params` stand beside it.
    public static func documentFields(of call: WebhookCall, state: String) -> JSONObject {
        var fields = [JSONMember("call_id", .text(call.id))]
        func add(_ name: String, text: String?) {
            if let text { fields.append(JSONMember(name, .text(text))) }
        }
        // Of one machine and one leg; which ids the platform puts there is not documented.
        add("node_id", text: call.providerCallID ?? call.id)
        add("segment_id", text: call.id)
        add("call_state", text: state)
        add("direction", text: call.direction.rawValue)
        add("type", text: "phone")
        add("from", text: call.from)
        add("to", text: call.to)
        add("from_number", text: call.from)
        add("to_number", text: call.to)
        fields.append(JSONMember("headers", .list([])))
        // Assumed: the account's two ids are those of the application and of the customer.
        add("project_id", text: call.applicationID)
        add("space_id", text: call.customerID)
        return JSONObject(fields)
    }

    public static func documentBody(call: JSONObject, variables: JSONObject) -> JSONObject {
        JSONObject([
            JSONMember("call", .object(call)), JSONMember("vars", .object(variables)),
            JSONMember("envs", .object(JSONObject())), JSONMember("params", .object(JSONObject())),
        ])
    }
}
