import SidetoneCallControl
import SidetoneJSON
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

    @Test func `an unknown event and unknown fields are accepted`() throws {
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
    func `an invalid webhook is reported with every path`(_ text: String, expected: [String]) {
        #expect(problems { () throws(Diagnostics) in try MiniVoiceWebhook.read(Array(text.utf8)) } == expected)
    }
}
