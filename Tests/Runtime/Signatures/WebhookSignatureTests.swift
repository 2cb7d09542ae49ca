import SidetoneCallControl
import SidetoneSignatures
import Testing

@Suite struct WebhookSignatureTests {
    private let signature = WebhookSignature(key: Secret("sidetone-demo-secret"))
    private let body = Array(#"{"event":"call.answered","call":{"id":"call_demo7"}}"#.utf8)
    private let timestamp = "1780000000"
    private let now = 1_780_000_000.0

    private func code(_ body: () throws(SignatureError) -> Void) -> SignatureError.Code? {
        do throws(SignatureError) { try body() } catch { return error.code }
        return nil
    }

    // MARK: MiniVoice

    @Test func `MiniVoice's signature is v1 and the vector`() throws {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        #expect(made == "v1=" + SignatureVector.miniVoice.signature)
        try signature.checkMiniVoice(made, timestamp: timestamp, body: body, now: now)
        try signature.checkMiniVoice(
            "v1=" + SignatureVector.miniVoice.signature.uppercased(), timestamp: timestamp, body: body, now: now)
    }

    @Test(arguments: [(-300.0, true), (300, true), (-301, false), (301, false), (.infinity, false), (.nan, false)])
    func `MiniVoice's timestamp may be five minutes off, either way`(offset: Double, isTaken: Bool) {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        let found = code { () throws(SignatureError) in
            try signature.checkMiniVoice(made, timestamp: timestamp, body: body, now: now + offset)
        }
        #expect(found == (isTaken ? nil : .outsideWindow))
    }

    @Test func `MiniVoice's timestamp is signed`() {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        let found = code { () throws(SignatureError) in
            try signature.checkMiniVoice(made, timestamp: "1780000001", body: body, now: now)
        }
        #expect(found == .mismatch)
    }

    @Test(arguments: ["", "now", "-1780000000", "+1780000000", "1780000000.5", "99999999999999999999", " 1780000000"])
    func `a MiniVoice timestamp that is not a whole number is rejected`(timestamp: String) {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        let found = code { () throws(SignatureError) in
            try signature.checkMiniVoice(made, timestamp: timestamp, body: body, now: now)
        }
        #expect(found == (timestamp.isEmpty ? .missing : .malformed))
    }

    @Test(arguments: ["v2=00", "00", "V1=00", "=", "v1"])
    func `a MiniVoice signature of another form is rejected`(text: String) {
        let found = code { () throws(SignatureError) in
            try signature.checkMiniVoice(text, timestamp: timestamp, body: body, now: now)
        }
        #expect(found == .malformed)
    }

    @Test func `missing fields are reported`() {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        #expect(
            code { () throws(SignatureError) in
                try signature.checkMiniVoice(nil, timestamp: timestamp, body: body, now: now)
            } == .missing)
        #expect(
            code { () throws(SignatureError) in
                try signature.checkMiniVoice(made, timestamp: nil, body: body, now: now)
            } == .missing)
        #expect(
            code { () throws(SignatureError) in
                try signature.checkSignalWire(nil, hash: .sha256, url: "https://h.example.org", body: [])
            } == .missing)
        #expect(
            code { () throws(SignatureError) in try signature.checkTwilio("", url: "wss://h.example.org") } == .missing)
    }

    @Test func `one changed bit of the body is detected`() {
        let made = signature.miniVoice(timestamp: timestamp, body: body)
        for place in body.indices {
            var forged = body
            forged[place] ^= 1
            let found = code { () throws(SignatureError) in
                try signature.checkMiniVoice(made, timestamp: timestamp, body: forged, now: now)
            }
            #expect(found == .mismatch)
        }
    }

    // MARK: SignalWire and Twilio

    @Test(arguments: [
        (WebhookSignature.Hash.sha1, SignatureVector.signalWireSHA1),
        (.sha256, .signalWireSHA256),
    ])
    func `SignalWire's signatures are the vectors`(hash: WebhookSignature.Hash, vector: SignatureVector) throws {
        let signature = WebhookSignature(key: Secret(vector.key))
        let body = Array(#"{"call":{"call_id":"c-1"},"vars":{},"envs":{},"params":{}}"#.utf8)
        let url = "https://user:password@hooks.example.org/swml"
        #expect(signature.signalWire(hash, url: url, body: body) == vector.signature)
        try signature.checkSignalWire(vector.signature, hash: hash, url: url, body: body)
        #expect(
            code { () throws(SignatureError) in
                try signature.checkSignalWire(vector.signature, hash: hash, url: url + "?a", body: body)
            } == .mismatch)
    }

    @Test func `a SignalWire signature of the other hash does not match`() {
        let signature = WebhookSignature(key: Secret("k"))
        let made = signature.signalWire(.sha1, url: "https://h.example.org", body: [])
        #expect(
            code { () throws(SignatureError) in
                try signature.checkSignalWire(made, hash: .sha256, url: "https://h.example.org", body: [])
            } == .mismatch)
    }

    @Test func `Twilio's signature of a socket is the vector`() throws {
        let vector = SignatureVector.twilio
        let signature = WebhookSignature(key: Secret(vector.key))
        #expect(signature.twilio(url: "wss://media.example.org/in") == vector.signature)
        try signature.checkTwilio(vector.signature, url: "wss://media.example.org/in")
        for url in ["https://media.example.org/in", "wss://media.example.org/in/", "wss://media.example.org/"] {
            #expect(
                code { () throws(SignatureError) in try signature.checkTwilio(vector.signature, url: url) }
                    == .mismatch)
        }
    }

    @Test func `Twilio's signature of a form is the vector of Twilio's own library`() throws {
        let vector = SignatureVector.twilioForm
        let signature = WebhookSignature(key: Secret(vector.key))
        let fields = [
            Form.Field("StreamName", "Grüß Gott & co"), Form.Field("Timestamp", "2026-03-04T09:15:07.250Z"),
            Form.Field("CallSid", "CA1"), Form.Field("AccountSid", "AC1"), Form.Field("streamSid", "MZ1"),
            Form.Field("StreamEvent", "stream-started"),
        ]
        try signature.checkTwilio(vector.signature, url: "https://hooks.example.org/stream?a=b", fields: fields)
        #expect(
            code { () throws(SignatureError) in
                try signature.checkTwilio(
                    vector.signature.lowercased(), url: "https://hooks.example.org/stream?a=b", fields: fields)
            } == .mismatch)
    }

    // RequestValidator("demo_auth_token").compute_signature(url, params) of Twilio's library for Python 9.
    @Test(arguments: [
        ("https://hooks.example.org/twilio?a=b", "Rbv2AJ0udSs7ycFqliUTbLMhdJw="),
        ("https://hooks.example.org:443/twilio?a=b", "gi/lLYuEYocw9QoHJ30BtJeWgEw="),
    ])
    func `Twilio's signatures are valid with and without the port`(signed: String, signature: String) throws {
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        let fields = [Form.Field("CallSid", "CA1"), Form.Field("CallStatus", "completed")]
        for url in ["https://hooks.example.org/twilio?a=b", "https://hooks.example.org:443/twilio?a=b"] {
            try key.checkTwilio(signature, url: url, fields: fields)
        }
        for url in [
            "https://hooks.example.org:8443/twilio?a=c", "http://hooks.example.org/twilio?a=b",
            "https://hooks.example.org:443/twilio", "https://hooks.example.com/twilio?a=b",
        ] {
            #expect(
                code { () throws(SignatureError) in try key.checkTwilio(signature, url: url, fields: fields) }
                    == .mismatch,
                "\(url)")
        }
    }

    @Test func `a JSON body is signed by its hash in the query`() throws {
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        let body = Array(#"{"CallSid":"CA1","CallStatus":"completed"}"#.utf8)
        // hashlib.sha256 of the body.
        let url =
            "https://hooks.example.org/twilio?bodySHA256=a0a5adcb584e9811c4ee5f334feef749f008b3b108d62d5addee051f9731b526"
        let signature = "DIB9liBO46YreVeEq6D62iKYsrU="
        try key.checkTwilio(signature, url: url, jsonBody: body)
        func code(_ url: String, body: [UInt8], signature: String? = signature) -> SignatureError.Code? {
            self.code { () throws(SignatureError) in try key.checkTwilio(signature, url: url, jsonBody: body) }
        }
        #expect(code(url, body: body + [0x20]) == .mismatch)
        #expect(code(url, body: []) == .mismatch)
        #expect(code(url, body: body, signature: nil) == .missing)
        let unhashed = "https://hooks.example.org/twilio"
        #expect(
            code(unhashed, body: body, signature: key.twilio(url: unhashed)) == .missing, "the body would not be signed"
        )
        let other = "https://hooks.example.org/twilio?bodySHA256=\(String(repeating: "0", count: 64))"
        #expect(code(other, body: body, signature: key.twilio(url: other)) == .mismatch)
    }

    @Test func `a shared key signs with SHA-256`() throws {
        let key = WebhookSignature(key: Secret("demo_auth_token"))
        try key.checkTwilio(
            "xF2ifaVWeZtibPLflaIV5ZcmasQ25CbEjg0sUSX/s0U=", url: "https://hooks.example.org/twilio", hash: .sha256)
        #expect(
            code { () throws(SignatureError) in
                try key.checkTwilio(
                    "xF2ifaVWeZtibPLflaIV5ZcmasQ25CbEjg0sUSX/s0U=", url: "https://hooks.example.org/twilio")
            } == .mismatch)
    }

    @Test func `another key does not match`() {
        let made = WebhookSignature(key: Secret("one")).twilio(url: "wss://h.example.org")
        #expect(
            code { () throws(SignatureError) in
                try WebhookSignature(key: Secret("two")).checkTwilio(made, url: "wss://h.example.org")
            } == .mismatch)
    }

    @Test func `errors repeat neither key nor signature`() {
        do throws(SignatureError) {
            try WebhookSignature(key: Secret("the-key")).checkTwilio("the-signature", url: "wss://h.example.org")
            Issue.record("a wrong signature was taken")
        } catch {
            #expect(!"\(error)".contains("the-key"))
            #expect(!"\(error)".contains("the-signature"))
            #expect("\(error)".hasSuffix("[mismatch]"))
        }
    }
}
