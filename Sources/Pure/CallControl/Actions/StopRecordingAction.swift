public import SidetoneJSON

/// `stop_recording`: ends the recording.
public struct StopRecordingAction: Action {
    public static let name = "stop_recording"
    public static let summary = "Ends the active recording; its file is reported by webhook."

    public init() {}
    public init?(_ fields: inout FieldReader) {}

    public var instruction: CallInstruction { .stopRecording }
}
