public import SidetoneJSON

/// `hold`: the call waits.
public struct HoldAction: Action {
    public static let name = "hold"
    public static let summary = "Puts the call on hold."

    public init() {}
    public init?(_ fields: inout FieldReader) {}

    public var instruction: CallInstruction { .hold }
}
