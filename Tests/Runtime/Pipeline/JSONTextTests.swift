import SidetonePipeline
import Testing

@Suite struct JSONTextTests {
    private func text(_ write: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `commas stand between and nowhere else`() {
        let right = #"{"a":[],"b":[1,{"c":null,"d":true},"x"],"e":-0.5}"# + "\n[false]\n"
        let json = text { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.endArray()
            json.key("b")
            json.beginArray()
            json.value(Int64(1))
            json.beginObject()
            json.key("c")
            json.null()
            json.member("d", true)
            json.endObject()
            json.value("x")
            json.endArray()
            json.member("e", -0.5)
            json.endObject()
            json.endLine()
            json.beginArray()
            json.value(false)
            json.endArray()
            json.endLine()
        }
        #expect(json == right)
    }

    @Test func `control characters, quotes and backslashes are escaped`() {
        #expect(text { $0.value("\"\\/\n\r\t\u{0}\u{1F}\u{7F}ü\u{1F600}") } == #""\"\\/\n\r\t\u0000\u001f\u007fü😀""#)
        #expect(text { $0.value(utf8: Array("a\"ü".utf8)) } == #""a\"ü""#)
        #expect(text { $0.value(utf8: [0x61, 0xFF, 0xC0]) } == "\"a\u{FFFD}\u{FFFD}\"")
    }

    @Test func `numbers that JSON does not know are null`() {
        for number in [Double.nan, .infinity, -.infinity] { #expect(text { $0.value(number) } == "null") }
        #expect(text { $0.value(-0.0) } == "0.0")
        #expect(text { $0.value(0.1) } == "0.1")
        #expect(text { $0.value(1e300) } == "1e+300")
    }
}
