public import SidetoneJSON

/// `say`: speaks a text; the next action waits for its end.
public struct SayAction: Action {
    public static let name = "say"
    public static let summary = "Speaks a text; the next action waits for its end."

    public var text: String

    public init(text: String) { self.text = text }

    public init?(_ fields: inout FieldReader) {
        guard let text = fields.text("text", need: .required, rule: .notEmpty) else { return nil }
        self.text = text
    }

    public var parameters: [JSONMember] { members(["text": .text(text)]) }

    public var instruction: CallInstruction { .say(text: text) }
}
