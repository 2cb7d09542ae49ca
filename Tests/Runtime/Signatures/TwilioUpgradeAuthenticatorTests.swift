import SidetoneCallControl
import Testing

@testable import SidetoneSignatures

@Suite struct TwilioUpgradeAuthenticatorTests {
    private func decision(
        _ publicURL: String, target: String = "/in", signatures: [String], keys: [String] = ["demo_auth_token"]
    ) -> String {
        let authenticator = TwilioUpgradeAuthenticator(publicURL: publicURL) { keys.map { Secret($0) } }
        let credentials = UpgradeCredentials(
            target: target, headers: signatures.map { (name: "X-Twilio-Signature", value: $0) })
        switch authenticator.authenticate(credentials) {
        case .accepted: return "accepted"
        case .absent: return "absent"
        case .rejected: return "rejected"
        }
    }

    /// HMAC-SHA1 of `wss://media.example.org/in` with `demo_auth_token`, by OpenSSL:
    /// printf %s URL | openssl dgst -sha1 -hmac demo_auth_token -binary | base64
    private let signature = "1iHOK3Cz4ChuUiwsu/Sz0iVL7UU="

    @Test(arguments: [
        "wss://media.example.org", "wss://media.example.org/in", "wss://media.example.org:443",
        "WSS://media.example.org/in/",
    ])
    func `the signature of the public URL is accepted in every spelling`(publicURL: String) {
        #expect(decision(publicURL, signatures: [signature]) == "accepted")
    }

    @Test(arguments: ["wss://media.example.org:8443", "wss://evil.example", "wss://media.example.org/other"])
    func `the signature of another URL is rejected`(publicURL: String) {
        #expect(decision(publicURL, signatures: [signature]) == "rejected")
    }

    @Test(arguments: [
        "", "1iHOK3Cz4ChuUiwsu/Sz0iVL7UU", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "1IHOK3CZ4CHUUIWSU/SZ0IVL7UU=",
    ])
    func `a forged one is rejected`(forged: String) {
        #expect(decision("wss://media.example.org", signatures: [forged]) == "rejected")
    }

    @Test func `another key, another path, another query and a second signature are rejected`() {
        #expect(decision("wss://media.example.org", signatures: [signature], keys: ["other"]) == "rejected")
        #expect(decision("wss://media.example.org", signatures: [signature], keys: []) == "rejected")
        #expect(decision("wss://media.example.org", target: "/in2", signatures: [signature]) == "rejected")
        #expect(decision("wss://media.example.org", target: "/in?a=b", signatures: [signature]) == "rejected")
        #expect(decision("wss://media.example.org", signatures: [signature, "AAAA"]) == "rejected")
    }

    @Test func `one of several keys is accepted, and a missing signature is no credential`() {
        #expect(
            decision("wss://media.example.org", signatures: [signature], keys: ["old", "demo_auth_token"]) == "accepted"
        )
        #expect(decision("wss://media.example.org", signatures: []) == "absent")
    }
}
