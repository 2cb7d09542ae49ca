import Foundation
import Testing

@testable import SidetoneDiagnostics

@Suite struct CertificateAdviceTests {
    private func facts(
        names: [String] = ["rx.example.org"], days: ClosedRange<Double> = -10...90, isSelfSigned: Bool = false
    ) -> CertificateFacts {
        CertificateFacts(
            subject: "CN=rx.example.org", issuer: isSelfSigned ? "CN=rx.example.org" : "CN=Some Authority",
            names: names, notBefore: Self.now.addingTimeInterval(days.lowerBound * 86_400),
            notAfter: Self.now.addingTimeInterval(days.upperBound * 86_400), isSelfSigned: isSelfSigned)
    }

    /// 2026-03-01T12:00:00Z
    private static let now = Date(timeIntervalSince1970: 1_772_366_400)

    private func problem(_ chain: [CertificateFacts], isTrusted: Bool = false) -> String? {
        CertificateAdvice.problem(chain, host: "rx.example.org", now: Self.now, isTrusted: isTrusted)?.detail
    }

    @Test func `each thing that is wrong with a certificate has a sentence of its own`() {
        #expect(problem([facts()], isTrusted: true) == nil)
        #expect(problem([facts(days: -90 ... -2)]) == "expired on 2026-02-27, 2 days ago")
        #expect(problem([facts(days: 2...90)]) == "not valid before 2026-03-03")
        #expect(
            problem([facts(names: ["a.example", "b.example"])])
                == "valid for \"a.example\", \"b.example\", not for \"rx.example.org\"")
        #expect(problem([facts(names: [])])?.hasPrefix("valid for no name, not for") == true)
        #expect(
            problem([facts(isSelfSigned: true)]) == "self-signed (CN=rx.example.org): no platform trusts it")
        #expect(
            problem([facts()])?.hasPrefix("issued by CN=Some Authority, without the intermediate certificates") == true)
        #expect(problem([facts(), facts()]) == "issued by CN=Some Authority, which is not trusted here")
        #expect(problem([]) == "none was presented")
    }

    @Test func `an authority that expired is named`() {
        var authority = facts(days: -90 ... -2)
        authority.subject = "CN=Some Authority"
        #expect(
            problem([facts(), authority])
                == "the certificate of its authority, CN=Some Authority, expired on 2026-02-27")
    }

    @Test(arguments: [
        ("rx.example.org", "rx.example.org", true), ("RX.Example.Org", "rx.example.org", true),
        ("*.example.org", "rx.example.org", true), ("*.example.org", "a.rx.example.org", false),
        ("*.example.org", "example.org", false), ("*", "localhost", false), ("*.org", "example.org", true),
        ("127.0.0.1", "127.0.0.1", true), ("example.org", "rx.example.org", false),
    ])
    func `a star stands for one label`(_ name: String, host: String, isCovered: Bool) {
        #expect(facts(names: [name]).covers(host) == isCovered)
    }

    @Test func `the sentence says whose, until when, and how many days are left`() {
        #expect(
            CertificateAdvice.sentence(facts(), now: Self.now)
                == "CN=rx.example.org, by CN=Some Authority, until 2026-05-30, 90 days left")
    }

    @Test func `names of strangers cannot move the cursor`() {
        let evil = facts(names: ["a\u{1B}[2Jb"])
        #expect(problem([evil])?.contains("\u{1B}") == false)
    }

    @Test func `facts are read from the certificate`() throws {
        let authority = try TestCertificate.make("Test Authority")
        let leaf = try TestCertificate.make("rx", names: ["rx.example.org", "*.rx.example.org"], issuer: authority)
        let facts = try CertificateFacts(der: leaf.der)
        #expect(facts.subject == "CN=rx" && facts.issuer == "CN=Test Authority" && !facts.isSelfSigned)
        #expect(facts.names == ["rx.example.org", "*.rx.example.org"])
        #expect(facts.daysLeft(TestCertificate.now) == 364 || facts.daysLeft(TestCertificate.now) == 365)
        #expect(try CertificateFacts(der: authority.der).isSelfSigned)
        #expect(throws: (any Error).self) { try CertificateFacts(der: [1, 2, 3]) }
    }
}
