import SidetoneModel
import Testing

@testable import SidetoneAnalysis

@Suite struct TurnSignalTests {
    @Test func `a side's own pauses are bridged, longer ones end the turn`() throws {
        let call = DrawnCall(
            inbound: "..####..........####..................................####....",
            outbound: ".............................................................."
        )
        let ended = try call.signals("turn").filter { $0.phase == .ended }
        #expect(ended.map(\.start) == [0.2, 5.4])
        #expect(ended.map(\.end) == [2, 5.8])
    }

    @Test func `the answering side takes the floor`() throws {
        let call = DrawnCall(
            inbound: "..######..........",
            outbound: "..........#####..."
        )
        let turns = try call.signals("turn")
        #expect(turns.map(\.phase) == [.started, .ended, .started, .ended])
        #expect(turns.map(\.track) == [.inbound, .inbound, .outbound, .outbound])
        #expect(turns.map(\.end) == [nil, 0.8, nil, 1.5])
    }
}

@Suite struct ResponseLatencySignalTests {
    @Test func `an answer after a pause has the pause as latency`() throws {
        let call = DrawnCall(
            inbound: "..######..........",
            outbound: "..........#####..."
        )
        #expect(
            try call.signals("response.latency") == [
                Signal(
                    "response.latency", .moment, track: .outbound, start: 0.8, end: 1,
                    values: [Signal.Entry("latency_s", .number(0.2))])
            ])
    }

    @Test func `an answer before the other has ended has a negative latency`() throws {
        let call = DrawnCall(
            inbound: "..######..........",
            outbound: ".......######....."
        )
        let told = try call.signals("response.latency")
        #expect(told.map(\.values) == [[Signal.Entry("latency_s", .number(-0.1))]])
        #expect(told.map(\.start) == [0.7])
        #expect(told.map(\.end) == [0.8])
    }

    @Test func `continuing after one's own pause is not an answer`() throws {
        let call = DrawnCall(inbound: "..####.....####...", outbound: "..................")
        #expect(try call.signals("response.latency").isEmpty)
    }
}

@Suite struct InterruptionSignalTests {
    @Test func `a side that overlaps for long and takes the floor has interrupted`() throws {
        let call = DrawnCall(
            inbound: "..##########............",
            outbound: "......############......"
        )
        #expect(
            try call.signals("interruption") == [
                Signal(
                    "interruption", .moment, track: .outbound, start: 0.6, end: 1.2,
                    values: [Signal.Entry("overlap_s", .number(0.6))])
            ])
    }

    @Test(arguments: [
        // Too short an overlap, and an overlap after which the first one goes on.
        ("..##########............", "........##########......"),
        ("..####################..", "......#############....."),
    ])
    func `a normal change of turns and a failed attempt are not interruptions`(inbound: String, outbound: String)
        throws
    {
        #expect(try DrawnCall(inbound: inbound, outbound: outbound).signals("interruption").isEmpty)
    }
}

@Suite struct BackchannelSignalTests {
    @Test func `brief speech during the other's does not take the floor`() throws {
        let call = DrawnCall(
            inbound: "..################......",
            outbound: "......####.............."
        )
        #expect(
            try call.signals("backchannel") == [
                Signal("backchannel", .moment, track: .outbound, start: 0.6, end: 1)
            ])
        #expect(try call.signals("turn").allSatisfy { $0.track == .inbound })
    }

    @Test func `a short answer in silence is a turn`() throws {
        let call = DrawnCall(
            inbound: "..######......######....",
            outbound: ".........###............"
        )
        #expect(try call.signals("backchannel").isEmpty)
        #expect(try call.signals("response.latency").map(\.track) == [.outbound, .inbound])
    }
}

@Suite struct MonologueSignalTests {
    @Test func `a turn of a minute is a monologue, with its pauses`() throws {
        let minute = String(repeating: "########..", count: 62)
        let call = DrawnCall(inbound: minute + "....", outbound: "")
        let told = try call.signals("monologue")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.map(\.start) == [0, 0])
        #expect(told.last?.end == 61.8)
    }

    @Test func `a side that is answered in time has no monologue`() throws {
        let talk = String(repeating: "#", count: 400)
        let call = DrawnCall(
            inbound: talk + "....." + talk,
            outbound: String(repeating: ".", count: 401) + "###"
        )
        #expect(try call.signals("monologue").isEmpty)
    }
}
