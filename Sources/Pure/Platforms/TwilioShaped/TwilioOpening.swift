import SidetoneModel

/// What the first messages of a Twilio-shaped stream show of its platform.
struct TwilioOpening {
    /// Of the `connected` message.
    var version: String?
    /// Whether the `connected` message says `protocol: Call`.
    var isCall = false
    /// Whether the `start` message has the stream's id at its top as well; nil while there is no `start`.
    var startHasStreamIDOnTop: Bool?
    /// Whether the ids have the letters that Twilio's have.
    var hasTwilioIDs = false

    init(_ opening: Opening) {
        for message in opening.messages where message.kind == .text {
            var payload: [UInt8] = []
            guard let fields = try? MessageScanner.scan(message.bytes.span, payload: &payload) else { continue }
            if fields.event == .connected {
                version = TextMembers.text(of: "version", in: message.bytes.span, limit: 16)
                isCall = TextMembers.text(of: "protocol", in: message.bytes.span, limit: 16) == "Call"
            }
            if fields.event == .start, let ids = try? StartMessage(message.bytes.span).ids, let call = ids.call {
                startHasStreamIDOnTop = ids.top != nil
                hasTwilioIDs = call.hasPrefix("CA") && ids.top?.hasPrefix("MZ") == true
            }
        }
    }
}
