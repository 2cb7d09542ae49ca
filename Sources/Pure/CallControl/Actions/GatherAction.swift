public import SidetoneJSON

/// `gather`: collects digits of the caller and reports them by webhook.
public struct GatherAction: Action {
    public static let name = "gather"
    public static let summary =
        "Collects digits from the caller until enough digits, a finish key, a timeout or the end of the call."

    public var prompt: String?
    /// The exact number of digits; 1 if neither this nor a bound is set.
    public var numDigits: Int?
    public var minDigits: Int?
    public var maxDigits: Int?
    /// 1…30.
    public var timeoutSeconds: Int?
    public var finishOnKey: Character?

    /// Sidetone's limit: the platform documents none.
    public static let mostDigits = 128

    public init() {}

    public init?(_ fields: inout FieldReader) {
        prompt = fields.text("prompt", need: .optional, rule: .notEmpty)
        numDigits = fields.whole("num_digits", in: 1...Self.mostDigits)
        minDigits = fields.whole("min_digits", in: 0...Self.mostDigits)
        maxDigits = fields.whole("max_digits", in: 1...Self.mostDigits)
        timeoutSeconds = fields.whole("timeout_seconds", in: 1...30)
        finishOnKey = fields.text("finish_on_key", need: .optional, rule: Self.key)?.first
        if let least = minDigits, let most = maxDigits ?? numDigits, least > most {
            fields.record(
                .contradiction, name: "min_digits",
                wrong: "is more than \"\(maxDigits == nil ? "num_digits" : "max_digits")\"",
                allowed: "at most \(most)", remedy: "lower it, or raise the other one")
        }
        if let exact = numDigits, let most = maxDigits, exact > most {
            fields.record(
                .contradiction, name: "num_digits", wrong: "is more than \"max_digits\"", allowed: "at most \(most)",
                remedy: "set \"num_digits\", or \"min_digits\" and \"max_digits\"")
        }
    }

    public var parameters: [JSONMember] {
        members([
            "prompt": prompt.map { .text($0) }, "num_digits": numDigits.map { .whole($0) },
            "min_digits": minDigits.map { .whole($0) }, "max_digits": maxDigits.map { .whole($0) },
            "timeout_seconds": timeoutSeconds.map { .whole($0) },
            "finish_on_key": finishOnKey.map { .text(String($0)) },
        ])
    }

    /// Bounds override `num_digits`, whose default is 1.
    public var instruction: CallInstruction {
        let least = minDigits ?? (maxDigits == nil ? numDigits ?? 1 : 1)
        return .gather(
            GatherRequest(
                prompt: prompt, minDigits: least, maxDigits: maxDigits ?? numDigits ?? max(1, least),
                timeoutSeconds: timeoutSeconds ?? GatherRequest.assumedTimeoutSeconds, finishOnKey: finishOnKey))
    }

    private static let key = TextRule("one key of 0-9 * # A-D") { text in
        text.count == 1 && text.allSatisfy(GatherRequest.keys.contains)
            ? nil : TextRule.Violation("is not one key", "write \"#\", or omit the field")
    }
}
