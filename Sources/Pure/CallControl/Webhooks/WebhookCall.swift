public import SidetoneJSON

/// The call as MiniVoice webhooks describe it.
public struct WebhookCall: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable, CaseIterable { case inbound, outbound }

    public var id: String
    /// `dialing`, `in_progress`, `completed` were observed.
    public var status: String
    public var direction: Direction
    public var from: String?
    public var to: String?
    public var customerID: String?
    public var applicationID: String?
    public var providerCallID: String?
    /// `webhook` and `reject` were observed.
    public var routeMode: String?
    public var routingTarget: String?

    public init(
        id: String, status: String, direction: Direction, from: String? = nil, to: String? = nil,
        customerID: String? = nil, applicationID: String? = nil, providerCallID: String? = nil,
        routeMode: String? = nil, routingTarget: String? = nil
    ) {
        self.id = id
        self.status = status
        self.direction = direction
        self.from = from
        self.to = to
        self.customerID = customerID
        self.applicationID = applicationID
        self.providerCallID = providerCallID
        self.routeMode = routeMode
        self.routingTarget = routingTarget
    }

    /// Only ID, status and direction, as in recording events.
    public var reduced: WebhookCall { WebhookCall(id: id, status: status, direction: direction) }

    init?(_ fields: inout FieldReader) {
        let id = fields.text("id", need: .required, rule: .notEmpty)
        let status = fields.text("status", need: .required, rule: .notEmpty)
        let direction = fields.word("direction", need: .required, of: Direction.self)
        from = fields.text("from")
        to = fields.text("to")
        customerID = fields.text("customer_id")
        applicationID = fields.text("application_id")
        providerCallID = fields.text("provider_call_id")
        routeMode = fields.text("route_mode")
        routingTarget = fields.text("routing_target")
        guard let id, let status, let direction else { return nil }
        self.id = id
        self.status = status
        self.direction = direction
    }

    public var json: JSONObject {
        JSONObject(
            members([
                "id": .text(id), "customer_id": customerID.map { .text($0) },
                "application_id": applicationID.map { .text($0) },
                "provider_call_id": providerCallID.map { .text($0) }, "status": .text(status),
                "direction": .text(direction.rawValue), "from": from.map { .text($0) }, "to": to.map { .text($0) },
                "route_mode": routeMode.map { .text($0) }, "routing_target": routingTarget.map { .text($0) },
            ]))
    }
}
