public import SidetoneJSON

/// `conference`: the call joins a room; the next action waits until the call has left it.
public struct ConferenceAction: Action {
    public static let name = "conference"
    public static let summary = "Joins a conference room; the next action waits until the call has left it."

    public var room: String
    public var mute: Bool?
    public var endOnExit: Bool?

    public init(room: String, mute: Bool? = nil, endOnExit: Bool? = nil) {
        self.room = room
        self.mute = mute
        self.endOnExit = endOnExit
    }

    public init?(_ fields: inout FieldReader) {
        let room = fields.text("room", need: .required, rule: Self.rule)
        mute = fields.flag("mute")
        endOnExit = fields.flag("end_on_exit")
        guard let room else { return nil }
        self.room = room
    }

    public var parameters: [JSONMember] {
        members(["room": .text(room), "mute": mute.map { .flag($0) }, "end_on_exit": endOnExit.map { .flag($0) }])
    }

    public var instruction: CallInstruction {
        .conference(ConferenceRequest(room: room, mute: mute ?? false, endOnExit: endOnExit ?? false))
    }

    private static let rule = TextRule("a name of letters, digits, \".\", \"-\", \"_\"") { text in
        if text.isEmpty { return TextRule.Violation("is empty", "name the room") }
        let isPlain = text.utf8.allSatisfy {
            isASCIILetter($0) || isASCIIDigit($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F
        }
        return isPlain ? nil : TextRule.Violation("contains other characters", "write spaces as \"-\"")
    }
}
