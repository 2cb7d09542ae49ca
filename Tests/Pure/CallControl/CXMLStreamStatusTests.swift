import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct CXMLStreamStatusTests {
    @Test func `each event reads back as it was written`() throws {
        for event in CXMLStreamStatus.Event.allCases {
            var status = CXMLStreamStatus(accountSID: "AC1", callSID: "CA1", streamSID: "MZ1", event: event)
            status.streamName = "Caller & co"
            status.timestamp = UTCTime("2026-03-04T09:15:07.250Z")
            if event == .error { status.error = "Duplicated stream name" }
            #expect(try CXMLStreamStatus(Form.read(status.form.write())) == status)
        }
    }

    @Test func `a form as the platform sends it is read`() throws {
        let body =
            "AccountSid=AC1&CallSid=CA1&StreamSid=MZ1&StreamEvent=stream-error&StreamError=Duplicated+stream+ID"
            + "&Timestamp=2026-03-04T09%3A15%3A07.250Z&Unique-ID=u1&StreamTrack=both_tracks"
        let status = try CXMLStreamStatus(Form.read(Array(body.utf8)))
        #expect(status.event == .error && status.uniqueID == "u1")
        #expect(CXMLStreamStatus.knownErrors.contains(status.error ?? ""))
    }

    @Test(arguments: ["Wed%2C%2004%20Mar%202026%2009%3A15%3A07%20%2B0000", "2026-03-04T09%3A15%3A07Z"])
    func `its time may stand as in a mail, too`(_ time: String) throws {
        let body = "AccountSid=AC1&CallSid=CA1&StreamSid=MZ1&StreamEvent=stream-started&Timestamp=\(time)"
        #expect(try CXMLStreamStatus(Form.read(Array(body.utf8))).timestamp?.unixMs == 1_772_615_707_000)
    }

    @Test func `a form without required fields is reported with each of them`() {
        #expect(
            problems { () throws(Diagnostics) in
                try CXMLStreamStatus(Form([Form.Field("StreamEvent", "stream-paused")]))
            }
                == ["AccountSid missing", "CallSid missing", "StreamSid missing", "StreamEvent notAllowed"])
    }
}
