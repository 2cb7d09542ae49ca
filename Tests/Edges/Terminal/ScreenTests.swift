import Testing

@testable import SidetoneTerminal

@Suite struct ScreenTests {
    private let plain = TerminalStyle.plain

    @Test(arguments: [40, 80, 120, 300])
    func `every line of the list of calls fits the terminal`(_ width: Int) throws {
        var state = MonitorState()
        try state.receive(
            activeCalls(
                call("CA1", seconds: 4_000),
                call(String(repeating: "x", count: 300), seconds: 3, alerts: #"{"type":"dead_air"}"#)))
        for height in [3, 5, 24] {
            let lines = ActiveCallsScreen(state: state, style: plain).lines(width: width, height: height)
            #expect(lines.count <= height)
            #expect(lines.allSatisfy { $0.count <= max(width, 71) })
        }
    }

    @Test(arguments: [TerminalStyle.plain, .marked, .coloured])
    func `the selected call is highlighted without colours, too`(_ style: TerminalStyle) throws {
        var state = MonitorState()
        try state.receive(activeCalls(call("CA1", seconds: 3)))
        _ = state.handle(.down)
        let text = ActiveCallsScreen(state: state, style: style).lines(width: 80, height: 10).joined()
        #expect(text.contains("\u{1B}[7mCA1") == (style != .plain))
        #expect(text.contains("\u{1B}[36m") == (style == .coloured))
        #expect(text.contains("\u{1B}") == (style != .plain))
    }

    @Test func `the selected call stays visible in a long list`() throws {
        var state = MonitorState()
        let calls = (0..<500).map { call("CA\($0)", seconds: Double(1_000 - $0)) }
        try state.receive(#"{"type":"active_calls","status":{},"calls":[\#(calls.joined(separator: ","))]}"#)
        for _ in 0..<400 { _ = state.handle(.down) }
        let lines = ActiveCallsScreen(state: state, style: plain).lines(width: 100, height: 20)
        #expect(lines.count == 20)
        #expect(lines.contains { $0.hasPrefix("CA399 ") })
    }

    @Test func `a call shows its tracks, overtalk, and its events newest first`() throws {
        var state = MonitorState(watching: "CA1")
        try state.receive(activeCalls(call("CA1", seconds: 4)))
        for track in ["inbound", "outbound"] {
            try state.receive(
                #"{"type":"timeline","id":"CA1","track":"\#(track)","from":0,"step_ms":100,"level_dbfs":[-60,0,0],"speech":[0,1,1]}"#
            )
        }
        for (name, start) in [("dtmf", 1.0), ("response.latency", 2.0)] {
            try state.receive(
                #"{"type":"signal","event":{"type":"sidetone.\#(name).v1","subject":"CA1","data":{"track":"inbound","start":\#(start),"end":2.5}}}"#
            )
        }
        let lines = CallScreen(state: state, style: plain).lines(width: 80, height: 24)
        let lanes = lines.filter { $0.hasPrefix("inbound") || $0.hasPrefix("outbound") }
        #expect(lanes.count == 2 && lanes.allSatisfy { $0.contains(" ██ ") })
        #expect(lines.contains { $0.hasPrefix("overtalk") && $0.contains("══") })
        let events = lines.filter { $0.contains("– 2.5 s") }
        #expect(events.map { $0.contains("response.latency") } == [true, false])
    }

    @Test func `untrusted names cannot control the terminal`() throws {
        var state = MonitorState()
        try state.receive(activeCalls(call(#"\u001b[2J\u202e\u0007evil"#, seconds: 1)))
        let text = ActiveCallsScreen(state: state, style: plain).lines(width: 80, height: 10).joined()
        #expect(text.contains("·[2J··evil"))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test func `a signal is shown with its phase`() throws {
        for (type, name) in [
            ("sidetone.dead_air.started.v1", "dead_air started"), ("sidetone.media.gap.v1", "media.gap"), ("x", "x"),
        ] {
            #expect(LiveSignal(type: type, subject: nil, data: nil).name == name)
        }
    }
}
