public import SidetoneJSON

/// `start_recording`: starts recording the call.
public struct StartRecordingAction: Action {
    public static let name = "start_recording"
    public static let summary = "Starts recording; fails if the call is not active."

    public init() {}
    public init?(_ fields: inout FieldReader) {}

    public var instruction: CallInstruction { .startRecording }
}
