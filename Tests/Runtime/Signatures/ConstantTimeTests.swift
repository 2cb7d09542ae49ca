import SidetoneSignatures
import Testing

@Suite struct ConstantTimeTests {
    @Test(arguments: ["", "a", "secret", "geheim-ß", String(repeating: "x", count: 1_000)])
    func `a secret equals itself`(secret: String) { #expect(ConstantTime.equal(secret, secret)) }

    @Test(
        arguments: zip(
            ["", "secret", "secret", "secret", "\u{e9}"], ["a", "secre", "secret ", "Secret", "e\u{301}"]))
    func `different bytes are different secrets`(left: String, right: String) {
        #expect(!ConstantTime.equal(left, right))
        #expect(!ConstantTime.equal(right, left))
    }
}
