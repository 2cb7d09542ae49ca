import SidetoneDSP
import Testing

@Suite struct SampleHistoryTests {
    @Test func `it begins with zeros and keeps the newest samples`() {
        var history = SampleHistory(count: 4)
        history.append([1, 2, 3].span, newest: 3)
        #expect(history.samples == [0, 1, 2, 3])
        history.append([2, 3, 4].span, newest: 1)
        #expect(history.samples == [1, 2, 3, 4])
    }

    @Test func `a frame longer than the history leaves its last samples`() {
        var history = SampleHistory(count: 2)
        history.append([1, 2, 3, 4].span, newest: 4)
        #expect(history.samples == [3, 4])
        history.append(zeros: 3)
        #expect(history.samples == [0, 0])
    }

    @Test func `invalid samples are stored as silence`() {
        var history = SampleHistory(count: 5)
        history.append([.nan, .infinity, -.infinity, 1e30, 0.5].span, newest: 5)
        #expect(history.samples == [0, 0, 0, 0, 0.5])
    }
}
