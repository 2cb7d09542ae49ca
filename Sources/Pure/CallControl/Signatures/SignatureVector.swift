/// A complete example of a signature, for tests of signers and verifiers. Computed for this project with Python's
/// `hmac`; the keys are not in use.
package struct SignatureVector: Sendable {
    package enum Hash: Sendable { case sha1, sha256 }
    package enum Text: Sendable { case hex, base64 }

    package let key: String
    package let signed: [UInt8]
    package let hash: Hash
    package let text: Text
    /// The HMAC of `signed` under `key`, as `text`.
    package let signature: String

    package static let miniVoice = SignatureVector(
        key: "sidetone-demo-secret",
        signed: SignedText.miniVoice(
            timestamp: "1780000000", body: Array(#"{"event":"call.answered","call":{"id":"call_demo7"}}"#.utf8)),
        hash: .sha256, text: .hex, signature: "8919ad992f3ac2ac7fd0e3e9aba3819bafc857f3e09dc9feb8aeba44e5016b3d")

    package static let signalWireSHA1 = SignatureVector(
        key: "PSK_demo", signed: signalWire, hash: .sha1, text: .hex,
        signature: "883a2ccb7bd9bf4f87754295316ff6118bc04f00")

    package static let signalWireSHA256 = SignatureVector(
        key: "PSK_demo", signed: signalWire, hash: .sha256, text: .hex,
        signature: "bc6b25e47864d89276a6adb15929f1289376f381aac7747f4ad16b76c76d1873")

    package static let twilio = SignatureVector(
        key: "demo_auth_token", signed: SignedText.twilio(url: "wss://media.example.org/in"), hash: .sha1,
        text: .base64, signature: "1iHOK3Cz4ChuUiwsu/Sz0iVL7UU=")

    /// Computed with the validator of Twilio's Python library, version 9.13.0.
    package static let twilioForm = SignatureVector(
        key: "demo_auth_token",
        signed: SignedText.twilio(
            url: "https://hooks.example.org/stream?a=b",
            fields: [
                Form.Field("StreamEvent", "stream-started"), Form.Field("AccountSid", "AC1"),
                Form.Field("CallSid", "CA1"), Form.Field("Timestamp", "2026-03-04T09:15:07.250Z"),
                Form.Field("StreamName", "Grüß Gott & co"), Form.Field("streamSid", "MZ1"),
            ]), hash: .sha1, text: .base64, signature: "0KkvP4O6ssXXZvdfNzxasIGBhXU=")

    package static let all = [miniVoice, signalWireSHA1, signalWireSHA256, twilio, twilioForm]

    private static let signalWire = SignedText.signalWire(
        url: "https://hooks.example.org/swml",
        body: Array(#"{"call":{"call_id":"c-1"},"vars":{},"envs":{},"params":{}}"#.utf8))
}
