import Testing

@testable import SidetonePipeline

@Suite struct PacketArrivalsTests {
    private func ring(_ packets: Range<Int>) -> PacketArrivals {
        var ring = PacketArrivals()
        for number in packets { ring.record(end: Int64(number + 1) * 160, arrival: Double(number)) }
        return ring
    }

    @Test(arguments: [(1, 0.0), (160, 0), (161, 1), (320, 1), (1_599, 9), (1_600, 9)])
    func `a sample arrived with the packet that held it`(end: Int64, arrival: Double) {
        #expect(ring(0..<10).arrival(before: end) == arrival)
    }

    @Test func `a sample that no packet brought has not arrived`() {
        #expect(ring(0..<10).arrival(before: 1_601) == nil)
        #expect(PacketArrivals().arrival(before: 0) == nil)
    }

    @Test func `reordered packets keep their own arrivals`() {
        var ring = PacketArrivals()
        for (end, arrival) in [(160, 0.0), (480, 1), (320, 2), (640, 3)] {
            ring.record(end: Int64(end), arrival: arrival)
        }
        #expect([100, 200, 400, 600].map { ring.arrival(before: $0) } == [0, 2, 1, 3])
    }

    @Test func `for a duplicate packet the first arrival counts`() {
        var ring = PacketArrivals()
        for arrival in [4.0, 5] { ring.record(end: 160, arrival: arrival) }
        #expect(ring.arrival(before: 160) == 4)
    }

    @Test func `a sample from before the packets that are kept arrived no later than the first of them`() {
        let last = 3 * PacketArrivals.kept
        let ring = ring(0..<last)
        #expect(ring.arrival(before: 160) == Double(last - PacketArrivals.kept))
        #expect(ring.arrival(before: Int64(last) * 160) == Double(last - 1))
    }
}
