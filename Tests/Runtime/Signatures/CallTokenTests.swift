import SidetoneCallControl
import Testing

@testable import SidetoneSignatures

@Suite struct CallTokenTests {
    private let key = CallTokenKey([Secret("0123456789abcdef0123456789abcdef")])

    private func code(_ token: String, key: CallTokenKey, now: Double, maxLifetimeS: Int = 300) -> SignatureError
        .Code?
    {
        do throws(SignatureError) {
            _ = try key.verify(token, now: now, maxLifetimeS: maxLifetimeS)
            return nil
        } catch { return error.code }
    }

    @Test func `a token is valid for its call until it expires`() throws {
        let token = key.mint(call: "call-1", now: 1_000, lifetimeS: 300)
        let verified = try key.verify(token, now: 1_299.9, maxLifetimeS: 300)
        #expect(verified.expiresAt == 1_300)
        #expect(verified.call?.matches(call: "call-1") == true)
        #expect(verified.call?.matches(call: "call-2") == false)
        #expect(code(token, key: key, now: 1_300) == .outsideWindow)
    }

    @Test func `a token that was issued without a call is valid for any call`() throws {
        let token = key.mint(call: nil, now: 0, lifetimeS: 10)
        #expect(try key.verify(token, now: 5, maxLifetimeS: 10).call == nil)
    }

    @Test func `no byte of a token can be altered`() {
        let token = Array(key.mint(call: "call-1", now: 1_000, lifetimeS: 300).utf8)
        for index in token.indices {
            for replacement in [UInt8(ascii: "0"), UInt8(ascii: "A"), UInt8(ascii: "."), UInt8(ascii: "-")]
            where token[index] != replacement {
                var altered = token
                altered[index] = replacement
                let text = String(decoding: altered, as: UTF8.self)
                #expect([.malformed, .mismatch].contains(code(text, key: key, now: 1_001)), "\(text)")
            }
        }
    }

    @Test(arguments: [
        "", "st1", "st1.", "st1....", "st1.1.2.3.4", "bearer", String(repeating: "st1.", count: 10_000),
        "st1.+1300.AAAAAAAAAAAAAAAAAAAAAA.-.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "st1.99999999999999999999.AAAAAAAAAAAAAAAAAAAAAA.-.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func `a text of another form is malformed`(text: String) { #expect(code(text, key: key, now: 0) == .malformed) }

    @Test func `another key does not verify, and an older one does during its replacement`() {
        let newer = Secret("fedcba9876543210fedcba9876543210")
        let older = Secret("0123456789abcdef0123456789abcdef")
        let token = key.mint(call: "call-1", now: 0, lifetimeS: 300)
        #expect(code(token, key: CallTokenKey([newer]), now: 1) == .mismatch)
        #expect(code(token, key: CallTokenKey(), now: 1) == .mismatch)
        #expect(code(token, key: CallTokenKey([newer, older]), now: 1) == nil)
        #expect(
            code(CallTokenKey([newer, older]).mint(call: nil, now: 0, lifetimeS: 300), key: key, now: 1) == .mismatch)
    }

    @Test func `a token that expires later than any issued here is refused`() {
        let token = key.mint(call: nil, now: 0, lifetimeS: 3_600)
        #expect(code(token, key: key, now: 0, maxLifetimeS: 300) == .outsideWindow)
        // The clocks of issuer and receiver may differ by a minute.
        #expect(code(key.mint(call: nil, now: 60, lifetimeS: 300), key: key, now: 0) == nil)
        #expect(code(key.mint(call: nil, now: 61, lifetimeS: 300), key: key, now: 0) == .outsideWindow)
    }

    @Test func `tokens fit into a header field and a path, and do not reveal the call`() {
        var tokens: Set<String> = []
        for number in 0..<200 {
            let call = number.isMultiple(of: 2) ? "call \(number)/../?#\r\n" : String(repeating: "ü", count: 10_000)
            let token = key.mint(call: call, now: 0, lifetimeS: 300)
            #expect(token.utf8.count < 128)
            #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }, "\(token)")
            #expect(CallToken.isToken(token))
            tokens.insert(token)
        }
        #expect(tokens.count == 200, "each token is different")
    }

    // Python 3.11's hmac and hashlib: HKDF (RFC 5869) with an empty salt, then HMAC-SHA256 of the parts before the code;
    // nonce 0…15, call "call-1".
    @Test func `a token equals the HMAC computed by another implementation`() {
        let token = key.mint(call: "call-1", now: 1_000, lifetimeS: 300, nonce: Array(0..<16))
        #expect(
            token
                == "st1.1300.AAECAwQFBgcICQoLDA0ODw.XXljxPRx4UL1pyIUqWZvsQ.nTTQ9F1Bos8iR6oJbaFhAIuQZcT_ViQqIITbx6xVcSg")
    }
}
