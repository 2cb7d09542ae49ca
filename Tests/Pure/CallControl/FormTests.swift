import Foundation
import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct FormTests {
    @Test(arguments: ["a%2", "a=%G1", "%", "a=%FF", "a=%C3("])
    func `a broken escape is refused`(_ text: String) {
        #expect(problems { () throws(Diagnostics) in try Form.read(Array(text.utf8)) } == ["[0] malformed"])
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
        #expect(problems { () throws(Diagnostics) in try Form.read(many) } == [" tooLarge"])
        let long = [UInt8](repeating: 0x61, count: DocumentLimits.standard.bytes + 1)
        #expect(problems { () throws(Diagnostics) in try Form.read(long) } == [" tooLarge"])
    }

    @Test func `of a repeated field the first counts, in each callback`() throws {
        let form = try Form.read(Array("CallSid=CA1&CallStatus=completed&CallSid=CA2&CallStatus=failed".utf8))
        let status = try CXMLCallStatus(form)
        #expect(status.callSID == "CA1" && status.status == .completed)
        let event = try StreamStatus(
            assumedQuery: Form.read(
                Array(
                    "event_type=calling.call.stream&params[call_id]=c1&params[control_id]=a&params[state]=streaming&params[url]=wss%3A%2F%2Fa&params[call_id]=c2&params=x"
                        .utf8)))
        #expect(event.callID == "c1")
    }

    // The work for a field must not grow with the number of fields before it: a thousand fields of each size are read.
    @Test(arguments: [1, 100, 1_000])
    func `the largest forms are read, with many fields and with long ones`(length: Int) throws {
        let value = String(repeating: "%41", count: length)
        let text = (0..<1_000).map { "field\($0)=\(length > 300 ? String(value.prefix(900)) : value)" }
            .joined(separator: "&")
        let form = try Form.read(Array(text.utf8), limits: DocumentLimits(bytes: 4 << 20, depth: 1, steps: 1_000))
        #expect(form.fields.count == 1_000)
        #expect(form["field999"]?.utf8.allSatisfy { $0 == 0x41 } == true)
        let problems = problems { () throws(Diagnostics) in try CXMLCallStatus(form) }
        #expect(problems == ["CallSid missing", "CallStatus missing"])
    }

    @Test func `any text survives, and Foundation reads it as the same query`() throws {
        let field = Form.Field("name [x]&=", "é 😀 100% +1\u{0}\n~*'\"")
        #expect(try Form.read(Form([field]).write()).fields == [field])
        let query = String(decoding: Form([field]).write(), as: UTF8.self).replacingOccurrences(of: "+", with: "%20")
        let items = try #require(URLComponents(string: "https://a.example.org/?\(query)")?.queryItems)
        #expect(items == [URLQueryItem(name: field.name, value: field.value)])
    }
}
