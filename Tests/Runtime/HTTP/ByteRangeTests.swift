import HTTPTypes
import Testing

@testable import SidetoneHTTP

/// RFC 9110 §14.1.2 and §14.2; the first examples are its own.
@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-499", 0..<500), ("bytes=500-999", 500..<1_000), ("bytes=-500", 9_500..<10_000),
        ("bytes=9500-", 9_500..<10_000), ("bytes=0-0", 0..<1), ("bytes=9990-20000", 9_990..<10_000),
        ("bytes=-20000", 0..<10_000), ("bytes=9000-9223372036854775807", 9_000..<10_000),
        ("bytes=-9223372036854775807", 0..<10_000), ("bytes=0-99999999999999999999", 0..<10_000),
        ("Bytes=0-1", 0..<2),
    ])
    func `a range selects a part, limited to the file`(_ field: String, expected: Range<Int64>) {
        #expect(ByteRange(field, size: 10_000) == .part(expected))
    }

    @Test(arguments: [
        "bytes=10000-", "bytes=10001-10002", "bytes=99999999999999999999-", "bytes=-0",
    ])
    func `what lies beyond is refused`(_ field: String) { #expect(ByteRange(field, size: 10_000) == .unsatisfiable) }

    @Test(arguments: [
        nil, "", "bytes", "items=0-5", "lines=0-1", "bytes=5-2", "bytes=20000-3", "bytes=a-b", "bytes=0-1,5-6",
        "bytes=",
        "bytes=-", "bytes=--5", "bytes=1-2-3", "bytes=+1-2", "bytes= 0-1", "bytes=٣-٤",
    ])
    func `what is no range gives the whole`(_ field: String?) { #expect(ByteRange(field, size: 10_000) == .whole) }

    @Test func `an empty file has no range`() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", size: 0) == .whole)
    }

    @Test func `a conditional range selects the whole file, because it has no validator`() {
        #expect(ByteRange([.range: "bytes=0-1"], size: 10) == .part(0..<2))
        #expect(ByteRange([.range: "bytes=0-1", .ifRange: "\"a\""], size: 10) == .whole)
    }
}
