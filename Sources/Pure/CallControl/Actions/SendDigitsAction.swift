public import SidetoneJSON

/// `send_digits`: tones are played into the call.
public struct SendDigitsAction: Action {
    public static let name = "send_digits"
    public static let summary = "Plays DTMF tones into the call, after a pause if asked for."

    /// Of `0-9 * # A-D`, and the pauses `w`, `W`, `,`; at most `mostDigits`.
    public var digits: String
    /// 0…60,000.
    public var pauseBeforeMs: Int?

    /// Ours: the platform refuses what is too long and does not say what that is.
    public static let mostDigits = 128

    public init(digits: String, pauseBeforeMs: Int? = nil) {
        self.digits = digits
        self.pauseBeforeMs = pauseBeforeMs
    }

    public init?(_ fields: inout FieldReader) {
        let digits = fields.text("digits", need: .required, rule: Self.rule)
        pauseBeforeMs = fields.whole("pause_before_ms", in: 0...60_000)
        guard let digits else { return nil }
        self.digits = digits
    }

    public var parameters: [JSONMember] {
        members(["digits": .text(digits), "pause_before_ms": pauseBeforeMs.map { .whole($0) }])
    }

    public var instruction: CallInstruction { .sendDigits(digits: digits, pauseBeforeMs: pauseBeforeMs ?? 0) }

    private static let rule = TextRule("1…\(mostDigits) of 0-9 * # A-D and the pauses w W ,") { text in
        if text.isEmpty { return TextRule.Violation("is empty", "give at least one digit") }
        if text.count > mostDigits {
            return TextRule.Violation("is \(text.count) long", "send it in two actions")
        }
        let place = text.firstIndex { !GatherRequest.keys.contains($0) && !"wW,".contains($0) }
        return place.map {
            let position = text.distance(from: text.startIndex, to: $0) + 1
            return TextRule.Violation("has something else at position \(position)", "remove it; letters are capitals")
        }
    }
}
