import Testing

@testable import SidetoneFiles

@Suite struct SafeNameTests {
    @Test(arguments: ["CA1", "a", "A-b_9", String(repeating: "x", count: 128)])
    func `an id of allowed characters is kept`(_ id: String) { #expect(SafeName.component(id) == id) }

    static let attacks = [
        "", ".", "..", "../", "../../etc/passwd", "/etc", "a/b", "a\\b", "a\u{0}b", "\u{0}", "a b", "a.b", "con:",
        "a\nb", String(repeating: "x", count: 129), String(repeating: "x", count: 300), "СА1", "CA１", "ＣＡ１", "é",
        "e\u{301}",
        "\u{202E}gpj", "CA1\u{200B}", "*", "~", "$HOME",
    ]

    @Test(arguments: attacks)
    func `any other id becomes its leading characters and a hash`(_ id: String) {
        let name = SafeName.component(id)
        let hash = name.utf8.suffix(33)
        #expect(hash.first == UInt8(ascii: "-"))
        #expect(hash.dropFirst().allSatisfy { Array("0123456789abcdef".utf8).contains($0) })
        let start = String(decoding: name.utf8.dropLast(33), as: UTF8.self)
        #expect(start == "x" || id.utf8.starts(with: start.utf8) && start.utf8.count <= 48)
        #expect(
            name.utf8.allSatisfy {
                Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8).contains($0)
            })
        #expect(name.utf8.first != UInt8(ascii: "-"))
    }

    // SHA-256 by `printf %s … | sha256sum` of GNU coreutils 9.1.
    @Test(arguments: [
        ("call_20260304T091507.000000001", "call_20260304T091507-1fe99bb3801da4de"), ("-rf .", "x-"),
        ("", "x-e3b0c44298fc1c149afbf4c8996fb924"),
    ])
    func `the folder of a call is recognisable`(_ id: String, start: String) {
        #expect(SafeName.component(id).hasPrefix(start))
    }

    @Test func `no id can select the folder of another`() {
        let name = SafeName.component("call.x")
        #expect(SafeName.component(name) != name)
        #expect(SafeName.component(name).hasPrefix("\(name)-"))
        #expect(SafeName.component(SafeName.component(name)) != name)
    }

    @Test func `different ids have different names`() {
        #expect(Set(Self.attacks.map(SafeName.component)).count == Set(Self.attacks.map { Array($0.utf8) }).count)
    }

    @Test(arguments: ["call 1.wav", "Gespräch (2).flac", "通話.wav", "a..b"])
    func `an input's name is kept`(_ name: String) { #expect(SafeName.inputName(name) == name) }

    @Test(arguments: [
        "", ".", "..", ".hidden", "-rf", "a/b", "a\u{0}b", "a\nb", "a\u{202E}b", "\u{200B}", " a", ".sidetone",
        String(repeating: "x", count: 300),
    ])
    func `an unsafe input name becomes a hash`(_ name: String) {
        let safe = SafeName.inputName(name)
        #expect(safe != name && safe.utf8.count >= 34)
        #expect(safe.utf8.first != UInt8(ascii: "-") && safe.utf8.first != UInt8(ascii: "."))
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
    func `digests are those of NIST`(_ message: String, digest: String) {
        #expect(SHA256.hex(Array(message.utf8)) == digest)
    }
}
