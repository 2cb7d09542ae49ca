extension ConnectRequest {
    init?(_ fields: inout FieldReader) {
        let destination = fields.text("destination", .optional, .party)
        let to = fields.text("to", .optional, .party)
        from = fields.text("from", .optional, .party)
        timeoutSeconds = fields.whole("timeout_seconds", in: 1...600)
        if let destination, let to, destination != to {
            fields.note(
                .contradiction, "to", "is another party than \"destination\"", allowed: "one party",
                "keep \"destination\" and remove \"to\"")
        }
        if !fields.has("destination"), !fields.has("to") {
            fields.note(.missing, "destination", "is missing", allowed: TextRule.party.allowed, "add \"destination\"")
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
