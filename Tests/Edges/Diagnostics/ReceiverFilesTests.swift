import Testing

@testable import SidetoneDiagnostics

@Suite struct ReceiverFilesTests {
    @Test func `a summary is read, and held against what was sent`() throws {
        let text =
            #"{"call":"c","refused_messages":1,"tracks":{"inbound":{"packets":50,"gaps":0},"outbound":{"packets":48,"gaps":2}}}"#
        let summary = try #require(ReceiverFiles.read(Array(text.utf8)))
        #expect(summary.tracks == ["inbound": 50, "outbound": 48])
        #expect(
            summary.problems(expected: 50) == [
                "it counted 48 of 50 outbound packets", "it concealed 2 gaps", "it refused 1 messages",
            ])
    }

    @Test func `a summary that is not JSON is ignored`() {
        #expect(ReceiverFiles.read(Array("{".utf8)) == nil)
    }

    @Test func `a status is read, whatever stands beside`() throws {
        let status = #"{"version":"1","receiver":{"messages":7,"refused_messages":0,"full":0},"sinks":[]}"#
        #expect(try ReceiverCounters(Array(status.utf8)).messages == 7)
        #expect(throws: (any Error).self) { try ReceiverCounters(Array("{}".utf8)) }
    }
}
