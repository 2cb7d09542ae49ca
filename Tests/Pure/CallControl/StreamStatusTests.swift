import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct StreamStatusTests {
    private let text =
        #"{"event_type":"calling.call.stream","event_channel":"swml:0b7e","timestamp":1790000001.25,"project_id":"9c1e","#
        + #""space_id":"77aa","params":{"call_id":"5d0f","node_id":"e1a2","segment_id":"5d0f","control_id":"assist-1","#
        + #""state":"streaming","url":"wss://rx.example.org/sw?a=b&c","name":"assist & co"}}"#

    @Test func `the published shape is read and written byte for byte`() throws {
        let status = try StreamStatus.read(Array(text.utf8))
        #expect(status.state == .streaming && status.controlID == "assist-1")
        #expect(String(decoding: status.write(), as: UTF8.self) == text)
    }

    @Test func `the assumed query carries the same event`() throws {
        let status = try StreamStatus.read(Array(text.utf8))
        let query = status.assumedQuery.write()
        #expect(String(decoding: query, as: UTF8.self).contains("params%5Bcall_id%5D=5d0f"))
        #expect(try StreamStatus(assumedQuery: Form.read(query)) == status)
    }

    @Test func `the shorter sample without node and segment is read too`() throws {
        let text =
            #"{"event_type":"calling.call.stream","params":{"call_id":"a","control_id":"b","state":"finished","url":"wss://c"}}"#
        #expect(try StreamStatus.read(Array(text.utf8)).nodeID == nil)
    }

    @Test(arguments: [
        ("{}", ["event_type missing", "params missing"]),
        (
            #"{"event_type":"calling.call.tap","params":{"state":"failed"}}"#,
            [
                "event_type notAllowed", "params.call_id missing", "params.control_id missing",
                "params.state notAllowed",
                "params.url missing",
            ]
        ),
    ])
    func `an invalid event is reported with every path`(_ text: String, expected: [String]) {
        #expect(problems { () throws(Diagnostics) in try StreamStatus.read(Array(text.utf8)) } == expected)
    }
}
