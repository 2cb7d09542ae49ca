import SidetoneCallControl
import SidetoneModel
import SidetonePlatforms
import SidetoneSignatures
import Testing

@testable import SidetoneWebhooks

@Suite struct WebhookVerifierTests {
    // MARK: MiniVoice

    @Test func `a signed webhook becomes a log entry without digits and variables`() throws {
        let webhook = try verifier().read(signed(), from: MiniVoice.self, now: sentAt + 1)
        #expect(webhook.platform == MiniVoice.name && webhook.key == "call_demo7:call.answered")
        let entry = webhook.entry
        #expect(entry.log == .webhook && entry.call == "call_demo7" && entry.event == "call.answered")
        #expect(entry.time == sentAt + 1 && entry.number("sent_at") == sentAt)
        #expect(entry.text("from") == "+4930111222" && entry.text("data_status") == "completed")
        #expect(!"\(entry)".contains("1234"))
    }

    @Test func `the older of two secrets is valid during key rotation`() {
        let body = webhookBody()
        var request = signed(body)
        request.headers["x-minivoice-signature"] = WebhookSignature(key: Secret("older-secret")).miniVoice(
            timestamp: "\(Int(sentAt))", body: body)
        #expect(status(request, platform: MiniVoice.self) == 200)
    }

    @Test func `a forged body, a forged signature and a missing one are refused alike`() {
        var body = signed()
        body.body[10] ^= 1
        var signature = signed()
        signature.headers["x-minivoice-signature"] = "v1=" + String(repeating: "0", count: 64)
        var none = signed()
        none.headers["x-minivoice-signature"] = nil
        var time = signed()
        time.headers["x-minivoice-timestamp"] = "\(Int(sentAt) + 1)"
        for request in [body, signature, none, time] { #expect(status(request, platform: MiniVoice.self) == 401) }
    }

    // Five minutes either way.
    @Test(arguments: [(0.0, 200), (300, 200), (-300, 200), (301, 401), (-301, 401)])
    func `a signature is valid for five minutes`(age: Double, expected: Int) {
        #expect(status(signed(), platform: MiniVoice.self, now: sentAt + age) == expected)
    }

    @Test(arguments: ["", "[]", "{", "{\"event\":1}", "null", String(repeating: "[", count: 5_000)])
    func `a signed body that is not a webhook is malformed, with a matching error`(text: String) {
        let request = signed(Array(text.utf8))
        let error = #expect(throws: WebhookError.self) {
            try verifier().read(request, from: MiniVoice.self, now: sentAt)
        }
        #expect(error?.status == 400)
        #expect(["invalid_json", "invalid_request"].contains(error?.error.code))
    }

    @Test func `MiniVoice webhooks must be POST requests`() {
        var request = signed()
        request.method = .get
        #expect(status(request, platform: MiniVoice.self) == 405)
    }

    @Test func `without a secret no signature is required`() {
        let verifier = WebhookVerifier(WebhookSourceSettings(), WebhookKeys())
        var request = signed()
        request.headers = [:]
        #expect(status(request, platform: MiniVoice.self, verifier: verifier) == 200)
    }

    // MARK: SignalWire

    private static let event = Array(
        """
        {"event_type":"calling.call.stream","event_channel":"swml:1","timestamp":1772615707.25,"project_id":"p",\
        "space_id":"s","params":{"call_id":"c-1","control_id":"assist-1","state":"streaming",\
        "url":"wss://rx.example.org/sw","name":"assist"}}
        """.utf8)

    private func signalWire(_ body: [UInt8] = event, sign: Bool = true) -> WebhookRequest {
        let key = WebhookSignature(key: Secret("PSK_demo"))
        let url = "https://hooks.example.org/webhooks/signalwire"
        return WebhookRequest(
            method: .post, target: "/webhooks/signalwire",
            headers: sign ? ["x-signalwire-signature": key.signalWire(.sha1, url: url, body: body)] : [:], body: body)
    }

    @Test func `a status event is accepted signed or unsigned`() throws {
        for sign in [true, false] {
            let webhook = try verifier().read(signalWire(sign: sign), from: SignalWire.self, now: sentAt)
            #expect(webhook.key == "c-1:assist-1:streaming:1772615707.25")
            #expect(webhook.entry.isVerified == sign)
            #expect(webhook.entry.event == "stream.streaming" && webhook.entry.number("sent_at") == sentAt + 0.25)
        }
    }

    @Test func `a signature must be valid if present, and may be required`() {
        var forged = signalWire()
        forged.body.append(UInt8(ascii: " "))
        #expect(status(forged, platform: SignalWire.self) == 401)
        forged.headers = ["x-signalwire-sha256-signature": "00"]
        #expect(status(forged, platform: SignalWire.self) == 401)
        let strict = verifier { $0.signatureRules["signalwire"] = "required" }
        #expect(status(signalWire(sign: false), platform: SignalWire.self, verifier: strict) == 401)
        #expect(status(signalWire(), platform: SignalWire.self, verifier: strict) == 200)
    }

    @Test func `the same event by GET is the same event`() throws {
        let query = try StreamStatus.read(Self.event).assumedQuery.write()
        let request = WebhookRequest(
            method: .get, target: "/webhooks/signalwire?" + String(decoding: query, as: UTF8.self), headers: [:],
            body: [])
        let webhook = try verifier().read(request, from: SignalWire.self, now: sentAt)
        #expect(webhook.key == (try verifier().read(signalWire(), from: SignalWire.self, now: sentAt)).key)
    }

    @Test func `an unsigned call status on SignalWire's path is marked as not verified`() throws {
        let request = WebhookRequest(
            method: .post, target: "/webhooks/signalwire",
            headers: ["content-type": "application/x-www-form-urlencoded"],
            body: Array("CallSid=c-1&CallStatus=completed".utf8))
        let webhook = try verifier().read(request, from: SignalWire.self, now: sentAt)
        #expect(webhook.entry.event == "call.completed" && !webhook.entry.isVerified)
    }

    // MARK: Twilio

    private static let fields = [
        Form.Field("AccountSid", "AC1"), Form.Field("CallSid", "CA1"), Form.Field("StreamSid", "MZ1"),
        Form.Field("StreamName", "Grüß Gott & co"), Form.Field("StreamEvent", "stream-started"),
        Form.Field("Timestamp", "2026-03-04T09:15:07.250Z"),
    ]

    private func twilio(_ method: WebhookRequest.Method, fields: [Form.Field] = fields) -> WebhookRequest {
        let form = String(decoding: Form(fields).write(), as: UTF8.self)
        let target = "/webhooks/twilio" + (method == .get ? "?" + form : "")
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        let signature = key.twilio(url: "https://hooks.example.org" + target, fields: method == .get ? [] : fields)
        return WebhookRequest(
            method: method, target: target,
            headers: [
                "x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            ], body: method == .get ? [] : Array(form.utf8))
    }

    @Test(arguments: [WebhookRequest.Method.post, .get])
    func `a stream's status callback is verified with the public URL`(method: WebhookRequest.Method) throws {
        let webhook = try verifier().read(twilio(method), from: Twilio.self, now: sentAt)
        #expect(webhook.key == "CA1:MZ1:stream-started:1772615707250")
        #expect(webhook.entry.event == "stream.started" && webhook.entry.text("stream") == "MZ1")
        #expect(webhook.entry.text("method") == method.rawValue)
    }

    @Test(arguments: [WebhookRequest.Method.post, .get])
    func `a field changed in transit is a forgery`(method: WebhookRequest.Method) {
        var request = twilio(method)
        request.body = Array(String(decoding: request.body, as: UTF8.self).replacing("CA1", with: "CA2").utf8)
        request.target = request.target.replacing("CA1", with: "CA2")
        #expect(status(request, platform: Twilio.self) == 401)
        request.headers["x-twilio-signature"] = nil
        #expect(status(request, platform: Twilio.self) == 401)
    }

    @Test func `a call's status callback reports the end of the call`() throws {
        let fields = [Form.Field("CallSid", "CA1"), Form.Field("CallStatus", "completed")]
        let webhook = try verifier().read(twilio(.post, fields: fields), from: Twilio.self, now: sentAt)
        // Events are remembered per platform: the key does not include it.
        #expect(webhook.platform == Twilio.name && webhook.key == "CA1:completed")
        #expect(webhook.entry.event == "call.completed")
    }

    @Test func `an invalid form is malformed`() {
        #expect(status(twilio(.post, fields: [Form.Field("CallSid", "CA1")]), platform: Twilio.self) == 400)
        var broken = twilio(.post)
        broken.body += Array("&a=%zz".utf8)
        #expect(status(broken, platform: Twilio.self) == 400)
    }

    @Test func `a JSON callback is accepted if the query holds its hash, and is equivalent to a form`()
        throws
    {
        let body = #"{"CallSid":"CA1","CallStatus":"completed","CallDuration":31,"Extra":{"a":[1]},"Flag":true}"#
        let target = "/webhooks/twilio?bodySHA256=a1342e0e583ca1f5b4e68a7a7804195535482feb9c02b6661183e91ab1f01b97"
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        var request = WebhookRequest(
            method: .post, target: target,
            headers: [
                "x-twilio-signature": key.twilio(url: "https://hooks.example.org:443" + target),
                "content-type": "application/json",
            ], body: Array(body.utf8))
        let webhook = try verifier().read(request, from: Twilio.self, now: sentAt)
        #expect(webhook.entry.event == "call.completed" && webhook.entry.number("duration_seconds") == 31)
        #expect(webhook.entry.isVerified)
        request.body.append(0x20)
        #expect(status(request, platform: Twilio.self) == 401)
        request.target = "/webhooks/twilio"
        request.headers["x-twilio-signature"] = key.twilio(url: "https://hooks.example.org/webhooks/twilio")
        #expect(status(request, platform: Twilio.self) == 401, "a JSON body without its hash is not signed")
    }

    @Test(arguments: [
        ("key=sk_1,algorithm=HMAC_SHA256", WebhookSignature.Hash.sha256, 200),
        ("key=sk_1, algorithm = hmac_sha256", .sha256, 200), ("", .sha1, 200), ("key=sk_1", .sha1, 200),
        ("algorithm=HMAC_SHA256", .sha1, 401), ("algorithm=MD5", .sha1, 401),
    ])
    func `the signature uses the algorithm named by Twilio`(
        settings: String, hash: WebhookSignature.Hash, expected: Int
    ) {
        var request = twilio(.post)
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        request.headers["x-twilio-signature"] = key.twilio(
            url: "https://hooks.example.org/webhooks/twilio", fields: Self.fields, hash: hash)
        request.headers["x-twilio-webhooks-signature-settings"] = settings
        #expect(status(request, platform: Twilio.self) == expected)
    }
}
