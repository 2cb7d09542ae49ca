public import SidetoneJSON

/// `resume`: the call continues.
public struct ResumeAction: Action {
    public static let name = "resume"
    public static let summary = "Takes the call off hold; fails if it is not on hold."

    public init() {}
    public init?(_ fields: inout FieldReader) {}

    public var instruction: CallInstruction { .resume }
}
