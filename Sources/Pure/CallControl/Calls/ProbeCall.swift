/// The call of the diagnosis: its ID has its platform's format, and a marker.
public enum ProbeCall {
    /// The marker: eight hexadecimal digits after the platform's prefix.
    public static let mark = "d0c70200"
    public static let miniVoicePrefix = "call_doctor-"

    public static func isProbe(_ callID: String) -> Bool {
        callID.hasPrefix(miniVoicePrefix) || callID.hasPrefix("CA\(mark)") || callID.hasPrefix("\(mark)-")
    }
}
