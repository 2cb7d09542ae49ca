import Testing

@testable import SidetoneTerminal

@Suite struct MonitorStateTests {
    @Test func `calls are listed longest first and removed when they end`() throws {
        var state = MonitorState()
        try state.receive(activeCalls(call("CA1", seconds: 3), call("CA2", seconds: 9)))
        #expect(state.list.map(\.id) == ["CA2", "CA1"])
        try state.receive(#"{"seq":3,"type":"call_ended","call":{"id":"CA2","state":"ended"}}"#)
        #expect(state.list.map(\.id) == ["CA1"])
    }

    @Test func `levels update only the calls that they name`() throws {
        var state = MonitorState()
        try state.receive(activeCalls(call("CA1", seconds: 3), call("CA2", seconds: 2)))
        try state.receive(
            #"{"seq":3,"type":"levels","calls":[["CA2",7.5,"inbound",-21.5,1,null,0,0.0,0],["CA9",1,"none",null,0,null,0,0,0]]}"#
        )
        let changed = try #require(state.list.first)
        #expect(changed.id == "CA2" && changed.seconds == 7.5 && changed.speaking == "inbound")
        #expect(changed.track("inbound").level_dbfs == -21.5 && changed.track("outbound").level_dbfs == nil)
        #expect(state.list.last?.seconds == 3)
        #expect(state.list.count == 2)
        #expect(changed.track("inbound").speech == true && changed.track("outbound").speech == false)
        try state.receive(#"{"seq":4,"type":"status","at":"2026-01-01T00:00:00Z","status":{"cpu_percent":12.5}}"#)
        #expect(state.status?.cpu_percent == 12.5)
    }

    @Test func `keys select a call, open it and go back`() throws {
        var state = MonitorState()
        try state.receive(activeCalls(call("CA1", seconds: 3), call("CA2", seconds: 2)))
        #expect(state.handle(.down).isEmpty && state.chosen == "CA1")
        #expect(state.handle(.down).isEmpty && state.chosen == "CA2")
        #expect(state.handle(.down).isEmpty && state.chosen == "CA2")
        #expect(state.handle(.choose) == [.watch("CA2")])
        #expect(state.watched == "CA2")
        #expect(state.handle(.back) == [.unwatch("CA2")])
        #expect(state.handle(.back) == [.quit])
    }

    @Test func `steps and signals are kept up to a limit`() throws {
        var state = MonitorState(watching: "CA1")
        let values = Array(repeating: "-20.5", count: 1_000).joined(separator: ",")
        let speech = Array(repeating: "1", count: 1_000).joined(separator: ",")
        for _ in 0..<3 {
            try state.receive(
                #"{"type":"timeline","id":"CA1","track":"inbound","from":0,"step_ms":100,"level_dbfs":[\#(values)],"speech":[\#(speech)]}"#
            )
        }
        for _ in 0..<300 {
            try state.receive(
                #"{"type":"signal","event":{"type":"sidetone.dtmf.v1","subject":"CA1","data":{"start":1}}}"#)
        }
        #expect(state.lanes["inbound"]?.count == MonitorState.steps)
        #expect(state.signals.count == MonitorState.signalLimit)
    }

    @Test func `an invalid message is refused`() {
        for text in ["", "[]", "{}", #"{"type":7}"#, #"{"type":"levels","calls":[["CA1"]]}"#] {
            #expect(throws: (any Error).self) { _ = try LiveMessage(text.utf8) }
        }
    }
}
