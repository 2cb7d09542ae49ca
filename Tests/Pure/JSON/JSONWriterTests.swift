import SidetoneJSON
import Testing

@Suite struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `commas are placed between values and nowhere else`() {
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
            json.member("d", flag: true)
            json.endObject()
            json.value("x")
            json.endArray()
            json.member("e", number: -0.5)
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

    @Test func `numbers that JSON cannot represent are null`() {
        for number in [Double.nan, .infinity, -.infinity] { #expect(text { $0.value(number) } == "null") }
        #expect(text { $0.value(-0.0) } == "0.0")
        #expect(text { $0.value(0.1) } == "0.1")
        #expect(text { $0.value(1e300) } == "1e+300")
    }

    @Test(arguments: [
        (0.46114864864864863, "0.461"), (-0.46114864864864863, "-0.461"), (20.9, "20.9"), (1 / 3.0, "0.333"),
        (1_772_366_400.1236, "1772366400.124"), (0.1 + 0.2, "0.3"), (0.0625, "0.0625"), (0.012345, "0.0123"),
        (0.000_031_26, "3.13e-05"), (-0.000_4, "-0.0004"), (1e-12, "0.0"), (9.99999, "10.0"), (0.09996, "0.1"),
        (123_456_789_012.3456, "123456789012.346"), (4.5e15, "4500000000000000.0"),
    ])
    func `a number is rounded to its measured precision`(number: Double, right: String) {
        #expect(text { $0.value(number) } == right)
    }

    @Test func `message times keep their microseconds`() {
        #expect(text { $0.value(12.345_678_9, decimals: 6) } == "12.345679")
        #expect(text { $0.value(1.25, decimals: 0) } == "1.0")
    }
}
