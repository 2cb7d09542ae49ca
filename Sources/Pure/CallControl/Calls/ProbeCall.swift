/// The call that a doctor makes up to test a receiver: its id has the form of its platform's, and a mark.
public enum ProbeCall {
    /// Eight digits in hexadecimal that its id begins with, behind the platform's prefix.
    public static let mark = "d0c70200"
    public static let miniVoicePrefix = "call_doctor-"

    public static func isProbe(_ callID: String) -> Bool {
        callID.hasPrefix(miniVoicePrefix) || callID.hasPrefix("CA\(mark)") || callID.hasPrefix("\(mark)-")
    }
}
