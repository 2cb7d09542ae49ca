import SidetoneJSON
import Testing

@Suite struct PrintableTextTests {
    @Test func `plain text stays as it is, in any language`() {
        for text in ["", "level_dbfs is 5", "Grüße 你好 😀", "a\\u001b"] {
            #expect(PrintableText.escaped(text, keepsLines: false) == text)
        }
    }

    // ESC [ and CSI (ECMA-48 §5.4), DEL, NUL, right-to-left override (UAX #9), line separator, a tag outside the BMP.
    @Test(arguments: [
        ("\u{1B}[31mred", "\\u001b[31mred"), ("\u{9B}2J", "\\u009b2J"), ("a\u{7F}\u{0}b", "a\\u007f\\u0000b"),
        ("abc\u{202E}fdp.exe", "abc\\u202efdp.exe"), ("one\u{2028}two", "one\\u2028two"),
        ("x\u{E0041}", "x\\udb40\\udc41"), ("over\rwritten", "over\\u000dwritten"),
    ])
    func `terminal control characters are escaped`(text: String, right: String) {
        for keepsLines in [false, true] { #expect(PrintableText.escaped(text, keepsLines: keepsLines) == right) }
    }

    @Test func `line breaks and tabs are kept in multi-line text`() {
        #expect(PrintableText.escaped("a\n\tb", keepsLines: true) == "a\n\tb")
        #expect(PrintableText.escaped("a\n\tb", keepsLines: false) == "a\\u000a\\u0009b")
    }
}
