public import SidetoneJSON

/// `resume`: the call goes on.
public struct ResumeAction: Action {
    public static let name = "resume"
    public static let summary = "Takes the call off hold; fails when it is not held."

    public init() {}
    public init?(_ fields: inout FieldReader) {}

    public var instruction: CallInstruction { .resume }
}
