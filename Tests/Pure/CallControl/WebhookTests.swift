import SidetoneCallControl
import Testing

@Suite struct MiniVoiceWebhookTests {
    private let text =
        #"{"event":"call.answered","created_at":"2026-03-04T09:15:07Z","call":{"id":"call_demo7","customer_id":"cust_d","#
        + #""application_id":"app_d","status":"in_progress","direction":"inbound","from":"+4930111222","#
        + #""to":"+4930333444"},"variables":{"tier":"b"},"data":{"event_key":"call_demo7:call.answered"}}"#

    @Test func `the published shape is read and written byte for byte`() throws {
        let webhook = try MiniVoiceWebhook.read(Array(text.utf8))
        #expect(webhook.event == .callAnswered)
        #expect(webhook.createdAt.unixMs == 1_772_615_707_000)
        #expect(webhook.call.to == "+4930333444")
        #expect(webhook.idempotencyKey == "call_demo7:call.answered")
        #expect(String(decoding: webhook.write(), as: UTF8.self) == text)
    }

    @Test func `the key is call and event where the platform sends none`() throws {
        let text =
            #"{"event":"call.completed","created_at":"2026-03-04T09:15:07Z","call":{"id":"c1","status":"completed","#
            + #""direction":"outbound"}}"#
        #expect(try MiniVoiceWebhook.read(Array(text.utf8)).idempotencyKey == "c1:call.completed")
    }

    @Test func `an event and fields that nobody knows yet are no reason to refuse`() throws {
        let text =
            #"{"event":"call.teleported","created_at":"2026-03-04T09:15:07+01:00","new":1,"variables":null,"#
            + #""call":{"id":"c1","status":"s","direction":"inbound","from":null,"more":[]}}"#
        #expect(try MiniVoiceWebhook.read(Array(text.utf8)).event.rawValue == "call.teleported")
    }

    @Test(arguments: [
        ("", [" malformed"]), ("[]", [" wrongType"]),
        ("{}", ["event missing", "created_at missing", "call missing"]),
        (
            #"{"event":"","created_at":"yesterday","call":{"direction":"up"},"data":[]}"#,
            [
                "event notAllowed", "created_at notAllowed", "data wrongType", "call.id missing", "call.status missing",
                "call.direction notAllowed",
            ]
        ), (#"{"event":"a","event":"b"}"#, ["event duplicateKey"]),
    ])
    func `a broken webhook is told with every path`(_ text: String, _ expected: [String]) {
        #expect(problems { () throws(Findings) in try MiniVoiceWebhook.read(Array(text.utf8)) } == expected)
    }
}

@Suite struct PlatformErrorTests {
    @Test func `the answer to an unusable document is the platform's own`() throws {
        let text = #"{"error":{"code":"answer_url_error","message":"invalid action payload"}}"#
        #expect(String(decoding: PlatformError.answerURL.write(), as: UTF8.self) == text)
        #expect(try PlatformError.read(Array(text.utf8)) == .answerURL)
        #expect(problems { () throws(Findings) in try PlatformError.read(Array("{}".utf8)) } == ["error missing"])
        #expect(
            problems { () throws(Findings) in try PlatformError.read(Array(#"{"error":{}}"#.utf8)) }
                == ["error.code missing"])
    }
}

@Suite struct RecordingTests {
    @Test func `a recording reads back as it was written, finished or not`() throws {
        var recording = Recording(id: "rec_c1", callID: "c1", status: "started")
        #expect(try Recording.read(recording.write()) == recording)
        recording.status = "completed"
        recording.fileURL = "https://files.example.org/rec_c1.wav"
        recording.durationSeconds = JSONNumber(12.5)
        recording.sizeBytes = 400_044
        recording.storageType = "local"
        recording.createdAt = UTCTime("2026-03-04T09:15:07Z")
        recording.updatedAt = UTCTime("2026-03-04T09:15:19Z")
        #expect(try Recording.read(recording.write()) == recording)
    }

    @Test func `a broken recording is told with every path`() {
        let text = #"{"id":"","status":3,"size_bytes":-1,"created_at":"soon"}"#
        #expect(
            problems { () throws(Findings) in try Recording.read(Array(text.utf8)) }
                == [
                    "id notAllowed", "call_id missing", "status wrongType", "size_bytes notAllowed",
                    "created_at notAllowed",
                ])
    }
}

@Suite struct StreamStatusTests {
    private let text =
        #"{"event_type":"calling.call.stream","event_channel":"swml:0b7e","timestamp":1790000001.25,"project_id":"9c1e","#
        + #""space_id":"77aa","params":{"call_id":"5d0f","node_id":"e1a2","segment_id":"5d0f","control_id":"assist-1","#
        + #""state":"streaming","url":"wss://rx.example.org/sw?a=b&c","name":"assist & co"}}"#

    @Test func `the published shape is read and written byte for byte`() throws {
        let status = try StreamStatus.read(Array(text.utf8))
        #expect(status.state == .streaming && status.controlID == "assist-1")
        #expect(String(decoding: status.write(), as: UTF8.self) == text)
    }

    @Test func `the assumed query carries the same event`() throws {
        let status = try StreamStatus.read(Array(text.utf8))
        let query = status.assumedQuery.write()
        #expect(String(decoding: query, as: UTF8.self).contains("params%5Bcall_id%5D=5d0f"))
        #expect(try StreamStatus(assumedQuery: Form.read(query)) == status)
    }

    @Test func `the shorter sample without node and segment is read too`() throws {
        let text =
            #"{"event_type":"calling.call.stream","params":{"call_id":"a","control_id":"b","state":"finished","url":"wss://c"}}"#
        #expect(try StreamStatus.read(Array(text.utf8)).nodeID == nil)
    }

    @Test(arguments: [
        ("{}", ["event_type missing", "params missing"]),
        (
            #"{"event_type":"calling.call.tap","params":{"state":"failed"}}"#,
            [
                "event_type notAllowed", "params.call_id missing", "params.control_id missing",
                "params.state notAllowed",
                "params.url missing",
            ]
        ),
    ])
    func `a broken event is told with every path`(_ text: String, _ expected: [String]) {
        #expect(problems { () throws(Findings) in try StreamStatus.read(Array(text.utf8)) } == expected)
    }
}

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

    @Test func `a form without the fields that must be there is told with every one`() {
        #expect(
            problems { () throws(Findings) in try CXMLStreamStatus(Form([Form.Field("StreamEvent", "stream-paused")])) }
                == ["AccountSid missing", "CallSid missing", "StreamSid missing", "StreamEvent notAllowed"])
    }
}
