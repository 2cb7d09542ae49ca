import Foundation
import SidetoneCallControl
import Testing

@Suite struct FormTests {
    @Test(arguments: ["a%2", "a=%G1", "%", "a=%FF", "a=%C3("])
    func `a broken escape is refused`(_ text: String) {
        #expect(problems { () throws(Findings) in try Form.read(Array(text.utf8)) } == ["[0] malformed"])
    }

    @Test func `plus is a space, a field without a sign is empty, and order and repetition stay`() throws {
        let form = try Form.read(Array("b=1+2&a&&a=%2B&c=x=y".utf8))
        #expect(
            form.fields == [
                Form.Field("b", "1 2"), Form.Field("a", ""), Form.Field("a", "+"), Form.Field("c", "x=y"),
            ])
    }

    @Test func `too many fields and too many bytes are refused`() {
        let many = Array(String(repeating: "a=1&", count: 1_001).utf8)
        #expect(problems { () throws(Findings) in try Form.read(many) } == [" tooLarge"])
        let long = [UInt8](repeating: 0x61, count: DocumentLimits.standard.bytes + 1)
        #expect(problems { () throws(Findings) in try Form.read(long) } == [" tooLarge"])
    }

    @Test func `any text survives, and Foundation reads it as the same query`() throws {
        let field = Form.Field("name [x]&=", "é 😀 100% +1\u{0}\n~*'\"")
        #expect(try Form.read(Form([field]).write()).fields == [field])
        let query = String(decoding: Form([field]).write(), as: UTF8.self).replacingOccurrences(of: "+", with: "%20")
        let items = try #require(URLComponents(string: "https://a.example.org/?\(query)")?.queryItems)
        #expect(items == [URLQueryItem(name: field.name, value: field.value)])
    }
}
