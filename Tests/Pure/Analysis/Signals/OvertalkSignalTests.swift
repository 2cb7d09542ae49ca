import SidetoneModel
import Testing

@Suite struct OvertalkSignalTests {
    @Test func `overtalk opens when both sides speak and ends when one stops`() throws {
        let call = DrawnCall(
            inbound: "..#######......",
            outbound: ".....#######..."
        )
        let by = [Signal.Entry("by", .text("outbound")), Signal.Entry("severity", .text("warn"))]
        #expect(
            try call.signals("overtalk") == [
                Signal("overtalk", .started, start: 0.5, values: by),
                Signal("overtalk", .ended, start: 0.5, end: 0.9, values: by),
            ])
    }

    @Test func `overlap shorter than the limit is not reported`() throws {
        let call = DrawnCall(
            inbound: "..####......",
            outbound: ".....#######"
        )
        #expect(try call.signals("overtalk").isEmpty)
    }

    @Test func `long overtalk is reported again as an alert and ends once`() throws {
        let call = DrawnCall(
            inbound: "..####################################..",
            outbound: ".....################################...."
        )
        let told = try call.signals("overtalk")
        #expect(told.map(\.phase) == [.started, .started, .ended])
        #expect(told.map(\.start) == [0.5, 0.5, 0.5])
        #expect(told.last?.end == 3.7)
        #expect(
            told.map(\.values.last) == ["warn", "alert", "alert"].map { Signal.Entry("severity", .text($0)) })
    }
}
