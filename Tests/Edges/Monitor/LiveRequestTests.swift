import Testing

@testable import SidetoneMonitor

@Suite struct LiveRequestTests {
    @Test func `requests are decoded`() {
        func read(_ text: String) -> LiveRequest? { LiveRequest(Array(text.utf8)) }
        #expect(read(#"{"subscribe":{"active_calls":true}}"#) == .activeCalls(true))
        #expect(read(#"{"unsubscribe":{"active_calls":true}}"#) == .activeCalls(false))
        #expect(read(#"{"subscribe":{"call":"CA1"}}"#) == .call("CA1", .call))
        #expect(
            read(#"{"subscribe":{"call":"CA1","rows":false,"spectrum":true,"wave":true,"log":true}}"#)
                == .call("CA1", [.call, .spectrum, .wave, .log]))
        #expect(read(#"{"unsubscribe":{"call":"CA1"}}"#) == .call("CA1", nil))
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "{", #"{"subscribe":1}"#, #"{"subscribe":{}}"#, #"{"drop":{"active_calls":true}}"#,
        #"{"subscribe":{"call":""}}"#, #"{"subscribe":{"active_calls":true},"unsubscribe":{"active_calls":true}}"#,
        #"{"subscribe":{"call":7}}"#,
    ])
    func `an invalid request is refused`(_ text: String) { #expect(LiveRequest(Array(text.utf8)) == nil) }

    @Test func `an id that is too long is refused`() {
        let text = #"{"subscribe":{"call":"\#(String(repeating: "a", count: 257))"}}"#
        #expect(LiveRequest(Array(text.utf8)) == nil)
    }
}
