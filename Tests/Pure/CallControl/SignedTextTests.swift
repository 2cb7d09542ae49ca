import SidetoneCallControl
import Testing

@Suite struct SignedTextTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `MiniVoice signs timestamp, full stop and raw body`() {
        #expect(text(SignedText.miniVoice(timestamp: "1780000000", body: [0x7B, 0x7D])) == "1780000000.{}")
        #expect(SignedText.miniVoice(timestamp: "1", body: [0xFF]) == [0x31, 0x2E, 0xFF])
    }

    @Test func `SignalWire signs the URL without credentials and the raw body`() {
        let body = Array("{}".utf8)
        #expect(
            text(SignedText.signalWire(url: "https://u:p@h.example.org/s?a=b@c", body: body))
                == "https://h.example.org/s?a=b@c{}")
        #expect(
            text(SignedText.signalWire(url: "https://h.example.org/a@b", body: body)) == "https://h.example.org/a@b{}")
    }

    /// The order of Twilio's own example: parameters by name, name and value without separators.
    @Test func `Twilio signs the URL and the fields by name`() {
        let fields = [("To", "+18005551212"), ("CallSid", "CA1"), ("From", "+14158675309"), ("Digits", "1234")]
        #expect(
            text(SignedText.twilio(url: "https://h.example.org/m?foo=1", fields: fields.map { Form.Field($0, $1) }))
                == "https://h.example.org/m?foo=1CallSidCA1Digits1234From+14158675309To+18005551212")
        #expect(text(SignedText.twilio(url: "wss://media.example.org/in")) == "wss://media.example.org/in")
    }

    @Test func `Twilio counts a repeated value once`() {
        let fields = [Form.Field("b", "2"), Form.Field("a", "1"), Form.Field("b", "1"), Form.Field("b", "2")]
        #expect(text(SignedText.twilio(url: "https://h.example.org", fields: fields)) == "https://h.example.orga1b1b2")
    }

    @Test func `the vectors are as long as their hashes`() {
        for vector in SignatureVector.all {
            let bytes = vector.hash == .sha1 ? 20 : 32
            #expect(vector.signature.count == (vector.text == .hex ? bytes * 2 : (bytes + 2) / 3 * 4))
        }
    }

    @Test(arguments: [
        ("https://a.example/x?y=1", ["https://a.example/x?y=1", "https://a.example:443/x?y=1"]),
        ("https://a.example:443/x", ["https://a.example:443/x", "https://a.example/x"]),
        ("https://a.example:8443/x", ["https://a.example:8443/x", "https://a.example/x"]),
        ("http://a.example", ["http://a.example", "http://a.example:80"]),
        ("http://a.example:80/", ["http://a.example:80/", "http://a.example/"]),
        ("wss://a.example/m", ["wss://a.example/m", "wss://a.example:443/m", "wss://a.example:80/m"]),
        ("https://u:p@a.example/x", ["https://u:p@a.example/x", "https://u:p@a.example:443/x"]),
        ("https://[::1]:443/x", ["https://[::1]:443/x", "https://[::1]/x"]),
        ("https://[::1]/x:1", ["https://[::1]/x:1", "https://[::1]:443/x:1"]),
        ("no url", ["no url"]),
    ])
    func `Twilio may have signed a URL with its port or without`(url: String, expected: [String]) {
        #expect(SignedText.twilioVariants(ofURL: url) == expected)
    }
}
