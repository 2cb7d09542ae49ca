import SidetoneJSON

extension ConnectRequest {
    init?(_ fields: inout FieldReader) {
        let destination = fields.text("destination", need: .optional, rule: .party)
        let to = fields.text("to", need: .optional, rule: .party)
        from = fields.text("from", need: .optional, rule: .party)
        timeoutSeconds = fields.whole("timeout_seconds", in: 1...600)
        if let destination, let to, destination != to {
            fields.record(
                .contradiction, name: "to", wrong: "differs from \"destination\"", allowed: "one party",
                remedy: "keep \"destination\" and remove \"to\"")
        }
        if !fields.has("destination"), !fields.has("to") {
            fields.record(
                .missing, name: "destination", wrong: "is missing", allowed: TextRule.party.allowed,
                remedy: "add \"destination\"")
        }
        guard let party = destination ?? to else { return nil }
        self.destination = party
    }

    var parameters: [JSONMember] {
        members([
            "destination": .text(destination), "from": from.map { .text($0) },
            "timeout_seconds": timeoutSeconds.map { .whole($0) },
        ])
    }
}
