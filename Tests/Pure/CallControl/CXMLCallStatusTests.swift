import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct CXMLCallStatusTests {
    private func form(_ text: String) throws -> Form { try Form.read(Array(text.utf8)) }

    @Test func `a call's status is read with what it says`() throws {
        let status = try CXMLCallStatus(
            form("AccountSid=AC1&CallSid=CA1&CallStatus=completed&From=%2B4930111222&To=%2B4930111223&CallDuration=31"))
        #expect(status.callSID == "CA1" && status.status == .completed && status.durationSeconds == 31)
        #expect(status.from == "+4930111222" && status.to == "+4930111223")
        #expect(status.event == .callCompleted)
    }

    @Test(arguments: [
        ("Wed%2C%2004%20Mar%202026%2009%3A15%3A07%20%2B0000", 1_772_615_707_000),
        ("2026-03-04T09%3A15%3A07Z", 1_772_615_707_000), ("yesterday", nil),
    ])
    func `its time is read as Twilio writes it, and never invalidates it`(_ time: String, unixMs: Int64?) throws {
        let status = try CXMLCallStatus(form("CallSid=CA1&CallStatus=ringing&Timestamp=\(time)"))
        #expect(status.timestamp?.unixMs == unixMs)
    }

    @Test(arguments: [
        ("initiated", "call.created"), ("ringing", "call.ringing"), ("in-progress", "call.answered"),
        ("no-answer", "call.failed"), ("busy", "call.failed"), ("canceled", "call.failed"),
    ])
    func `each status has its event of a lifecycle`(status: String, event: String) throws {
        #expect(try CXMLCallStatus(form("CallSid=CA1&CallStatus=\(status)")).event.rawValue == event)
    }

    @Test func `what is missing or unknown is said`() throws {
        let empty = try form("")
        #expect(
            problems { () throws(Diagnostics) in try CXMLCallStatus(empty) } == [
                "CallSid missing", "CallStatus missing",
            ])
        let odd = try form("CallSid=CA1&CallStatus=complete")
        #expect(problems { () throws(Diagnostics) in try CXMLCallStatus(odd) } == ["CallStatus notAllowed"])
    }
}
