import SidetoneDSP
import Testing

@Suite struct LevelTests {
    /// 16 lanes and a rest: every length from one sample to two vectors and one.
    @Test(arguments: 1...33) func `the mean and the maximum square count every sample once`(_ count: Int) {
        let samples = (1...count).map(Float.init)
        let powers = Level.powers(of: samples.span)
        let sum = (1...count).reduce(0) { $0 + $1 * $1 }
        #expect(powers.mean == Float(sum) / Float(count))
        #expect(powers.peak == Float(count * count))
        let whole = Level.sumOfSquares(samples.span)
        #expect(whole == Float(sum))
        let falling = Array(samples.reversed())
        let reversed = Level.powers(of: falling.span)
        #expect(reversed.peak == Float(count * count))
    }

    @Test func `no power reads the floor`() {
        #expect(Level.dB(power: 0) == -96)
        #expect(Level.dB(power: .nan) == -96)
        #expect(Level.dB(power: Float.leastNormalMagnitude / 100) == -96)
        #expect(Level.dB(power: 1) == 0)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 70_000, -1e30], [0, 7, 8, 15, 199])
    func `an invalid sample is detected and read as 0`(_ value: Float, place: Int) {
        var samples = [Float](repeating: 0.25, count: 200)
        let holdsBefore = SampleCheck.holds(samples.span)
        samples[place] = value
        let holdsAfter = SampleCheck.holds(samples.span)
        #expect(holdsBefore && !holdsAfter)
        var clean = [Float](repeating: 1, count: 200)
        SampleCheck.clean(samples.span, into: &clean)
        samples[place] = 0
        #expect(clean == samples)
    }

    @Test(arguments: 2...20) func `crossings and clipped runs count every sample once`(_ count: Int) {
        let alternating = (0..<count).map { Float($0 % 2 == 0 ? 1 : -1) }
        let crossings = ZeroCrossings.share(of: alternating.span)
        let clipped = Clipping.share(of: alternating.span, ceiling: 1)
        #expect(crossings == 1)
        #expect(clipped == 1)
    }
}
