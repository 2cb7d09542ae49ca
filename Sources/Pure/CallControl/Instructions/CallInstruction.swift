public import SidetoneJSON

/// One instruction for a call, independent of the document's language. The code that runs it knows no platform.
public enum CallInstruction: Sendable, Hashable {
    case startStream(StreamRequest)
    case stopStream(StreamMatch)
    case startRecording
    case stopRecording
    case say(text: String)
    case gather(GatherRequest)
    /// - digits: of `0-9 * # A-D w W ,`; the last three are pauses.
    case sendDigits(digits: String, pauseBeforeMs: Int)
    case redirect(RedirectRequest)
    case transfer(ConnectRequest)
    case bridge(ConnectRequest)
    case conference(ConferenceRequest)
    case hold
    case resume
    case mute(AudioDirection)
    case unmute(AudioDirection)
    /// A step in its original form: a SWML method that Sidetone does not emulate.
    case other(name: String, step: JSONValue)

    /// How the call continues after this step.
    public enum Sequel: Sendable { case continues, replaced, ends }

    public var sequel: Sequel {
        switch self {
        case .redirect: .replaced
        case .transfer, .bridge: .ends
        case .other(name: "hangup", step: _): .ends
        default: .continues
        }
    }
}
