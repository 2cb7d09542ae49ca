import Testing

@testable import SidetoneFiles

@Suite struct SafeNameTests {
    @Test(arguments: ["CA1", "a", "A-b_9", String(repeating: "x", count: 128)])
    func `an id of allowed letters stays`(_ id: String) { #expect(SafeName.component(id) == id) }

    static let attacks = [
        "", ".", "..", "../", "../../etc/passwd", "/etc", "a/b", "a\\b", "a\u{0}b", "\u{0}", "a b", "a.b", "con:",
        "a\nb", String(repeating: "x", count: 129), String(repeating: "x", count: 300), "СА1", "CA１", "ＣＡ１", "é",
        "e\u{301}",
        "\u{202E}gpj", "CA1\u{200B}", "*", "~", "$HOME",
    ]

    @Test(arguments: attacks)
    func `any other id is a hash`(_ id: String) {
        let name = SafeName.component(id)
        #expect(name.utf8.count == 33 && name.hasPrefix("x"))
        #expect(name.utf8.dropFirst().allSatisfy { Array("0123456789abcdef".utf8).contains($0) })
    }

    @Test func `different ids have different names`() {
        #expect(Set(Self.attacks.map(SafeName.component)).count == Set(Self.attacks.map { Array($0.utf8) }).count)
    }

    @Test(arguments: ["call 1.wav", "Gespräch (2).flac", "通話.wav", "a..b"])
    func `an input's name stays`(_ name: String) { #expect(SafeName.inputName(name) == name) }

    @Test(arguments: [
        "", ".", "..", ".hidden", "-rf", "a/b", "a\u{0}b", "a\nb", "a\u{202E}b", "\u{200B}", " a", ".sidetone",
        String(repeating: "x", count: 300),
    ])
    func `an input's name that could do harm is a hash`(_ name: String) {
        #expect(SafeName.inputName(name).utf8.count == 33)
    }
}

@Suite struct SHA256Tests {
    // NIST, Cryptographic Standards and Guidelines: Examples with Intermediate Values, SHA-256; CAVP short messages.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests are those of NIST`(_ message: String, _ digest: String) {
        #expect(SHA256.hex(Array(message.utf8)) == digest)
    }
}
