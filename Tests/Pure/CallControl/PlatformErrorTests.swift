import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct PlatformErrorTests {
    @Test func `the answer to an unusable document is the platform's own`() throws {
        let text = #"{"error":{"code":"answer_url_error","message":"invalid action payload"}}"#
        #expect(String(decoding: PlatformError.answerURL.write(), as: UTF8.self) == text)
        #expect(try PlatformError.read(Array(text.utf8)) == .answerURL)
        #expect(problems { () throws(Diagnostics) in try PlatformError.read(Array("{}".utf8)) } == ["error missing"])
        #expect(
            problems { () throws(Diagnostics) in try PlatformError.read(Array(#"{"error":{}}"#.utf8)) }
                == ["error.code missing"])
    }
}
