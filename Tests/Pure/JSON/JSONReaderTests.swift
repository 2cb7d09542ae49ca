import Foundation
import SidetoneJSON
import SidetoneModel
import Testing

@Suite struct JSONReaderTests {
    private func read(_ text: String) -> (JSONValue?, Diagnostics) {
        var findings = Diagnostics()
        let value = JSONReader.read(Array(text.utf8), into: &findings)
        return (value, findings)
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,]", "[1 2]", "{a:1}", "{'a':1}",
        "nul",
        "True", "01", "-", "1.", ".5", "1e", "+1", "NaN", "Infinity", "0x10", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
        "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\t\"", "1 1", "{} {}", "// no\n{}", "]", "}", "\u{FEFF}{}",
        "{\"a\":1 \"b\":2}",
    ])
    func `invalid JSON is rejected with one diagnostic that has a position and a remedy`(_ text: String) throws {
        let (value, findings) = read(text)
        #expect(value == nil)
        #expect(findings.all.map(\.code) == [.malformed])
        #expect(findings.all.first?.remedy?.isEmpty == false)
    }

    @Test func `a finding names line and column`() {
        let (_, findings) = read("{\n  \"a\": tru\n}")
        #expect(findings.all.first?.wrong == "has no JSON value at line 2, column 8")
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        var findings = Diagnostics()
        #expect(JSONReader.read([0x22, 0xC3, 0x28, 0x22], into: &findings) == nil)
        #expect(findings.all.map(\.code) == [.malformed])
    }

    @Test func `a repeated key is named with its path and its first value stays`() {
        let (value, findings) = read(#"{"a":[{"b":1,"b":2}]}"#)
        #expect(findings.all.map { "\($0.path) \($0.code.rawValue)" } == ["a[0].b duplicateKey"])
        #expect(value.map(JSONWriter.text(of:)) == #"{"a":[{"b":1}]}"#)
    }

    @Test func `a depth bomb is refused at the limit`() {
        for bomb in [String(repeating: "[", count: 500_000), String(repeating: "{\"a\":", count: 100_000)] {
            let (value, findings) = read(bomb)
            #expect(value == nil)
            #expect(findings.all.map(\.code) == [.tooDeep])
        }
        let limit = DocumentLimits.standard.depth
        let whole = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
        #expect(read(whole).0 != nil)
        #expect(read("[\(whole)]").1.all.map(\.code) == [.tooDeep])
        #expect(read("[" + Array(repeating: "[]", count: 100).joined(separator: ",") + "]").0 != nil)
    }

    @Test func `a document over the limit of bytes is refused unread`() {
        var findings = Diagnostics()
        let bytes = [UInt8](repeating: 0x20, count: DocumentLimits.standard.bytes + 1)
        #expect(JSONReader.read(bytes, into: &findings) == nil)
        #expect(findings.all.map(\.code) == [.tooLarge])
    }

    @Test func `a flood of problems is cut and counted`() {
        let (_, findings) = read("{" + Array(repeating: "\"a\":1", count: 1_000).joined(separator: ",") + "}")
        #expect(findings.all.count == Diagnostics.limit)
        #expect(findings.omitted == 999 - Diagnostics.limit)
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1.50", "1E+2", "123456789012345678901234567890", "\"\"",
        #""a\"\\\n\r\t\u0000\u001fé😀""#, "[]", "{}", #"{"b":1,"a":[1,{"c":null}],"":2}"#,
    ])
    func `what is written is what was read`(_ text: String) throws {
        #expect(read(text).0.map(JSONWriter.text(of:)) == text)
    }

    @Test func `escapes are read as the letters they stand for`() {
        #expect(read(#""\u00e9\ud83d\ude00\/\b\f""#).0 == .text("é😀/\u{8}\u{C}"))
    }

    @Test func `a number is whole when its value is`() {
        #expect(
            ["3", "3.0", "3e2", "-7", "0.5", "1e400", "9223372036854775808"].map { JSONNumber.read($0)?.whole } == [
                3, 3, 300, -7, nil, nil, nil,
            ])
    }

    /// Foundation's reader as a judge nobody here wrote. It refuses numbers that no `Double` holds;
    /// none is drawn here.
    @Test func `Foundation agrees on what is JSON`() {
        var random = SplitMix64(seed: 20_261)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "1", "-2.5e-3", "true", "null", " ", "\\", "0", ".", "é",
        ]
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 1...7, using: &random)).map { _ in pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            let ours = read(text)
            let theirs = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            #expect((ours.0 != nil) == (theirs != nil), "\(text) (seed 20261)")
        }
    }
}

extension JSONNumber {
    fileprivate static func read(_ text: String) -> JSONNumber? {
        var findings = Diagnostics()
        guard case .number(let number)? = JSONReader.read(Array(text.utf8), into: &findings) else { return nil }
        return number
    }
}
