public import SidetoneJSON

/// `send_digits`: plays DTMF tones into the call.
public struct SendDigitsAction: Action {
    public static let name = "send_digits"
    public static let summary = "Plays DTMF tones into the call, after an optional pause."

    /// Of `0-9 * # A-D`, and the pauses `w`, `W`, `,`; at most `mostDigits`.
    public var digits: String
    /// 0…60,000.
    public var pauseBeforeMs: Int?

    /// Sidetone's limit: the platform rejects longer texts without documenting its limit.
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
        if text.isEmpty { return TextRule.Violation("is empty", "write at least one digit") }
        if text.count > mostDigits {
            return TextRule.Violation("has \(text.count) characters", "split it into two actions")
        }
        let place = text.firstIndex { !GatherRequest.keys.contains($0) && !"wW,".contains($0) }
        return place.map {
            let position = text.distance(from: text.startIndex, to: $0) + 1
            return TextRule.Violation(
                "has another character at position \(position)", "remove it; letters must be upper case")
        }
    }
}
