/// The call that a doctor makes up to test a receiver: its id has the form of its platform's, and a mark.
package enum ProbeCall {
    /// Eight digits in hexadecimal that its id begins with, behind the platform's prefix.
    package static let mark = "d0c70200"
    package static let miniVoicePrefix = "call_doctor-"

    package static func isProbe(_ callID: String) -> Bool {
        callID.hasPrefix(miniVoicePrefix) || callID.hasPrefix("CA\(mark)") || callID.hasPrefix("\(mark)-")
    }
}
