import Testing

@testable import SidetoneAnalysis

@Suite struct ActiveLevelTests {
    private let clock = CallClock(windowMs: 10, hopMs: 10)

    @Test func `steady sound is active all the time`() throws {
        var level = ActiveLevel(clock: clock)
        for step in 0..<1_000 { level.add(Int64(step), levelDBFS: -26, envelopeDBFS: -27) }
        // ±0.01 dB: energies are sums of Float powers.
        #expect(abs(try #require(level.dBFS) + 26) < 0.01)
    }

    @Test func `pauses do not lower it, unlike the mean`() throws {
        var level = ActiveLevel(clock: clock)
        // Two seconds of sound, two of quiet: the mean is 3 dB under the sound.
        for step in 0..<4_000 {
            let isOn = step / 200 % 2 == 0
            level.add(Int64(step), levelDBFS: isOn ? -26 : -80, envelopeDBFS: isOn ? -27 : -80)
        }
        // Each pause is active for the 200 ms that P.56 holds: 2.2 s of 4 make −0.41 dB.
        #expect(abs(try #require(level.dBFS) + 26.41) < 0.05)
    }

    @Test func `without sound there is no level`() {
        var level = ActiveLevel(clock: clock)
        #expect(level.dBFS == nil)
        level.add(0, levelDBFS: .nan, envelopeDBFS: -20)
        #expect(level.dBFS == nil)
    }

    @Test func `distant history decays if a memory is set`() throws {
        var level = ActiveLevel(clock: clock, memory: 100)
        for step in 0..<1_000 { level.add(Int64(step), levelDBFS: -20, envelopeDBFS: -21) }
        for step in 1_000..<2_000 { level.add(Int64(step), levelDBFS: -40, envelopeDBFS: -41) }
        // e^−10 of what was 20 dB louder is left: 0.02 dB.
        #expect(abs(try #require(level.dBFS) + 40) < 0.05)
    }
}

@Suite struct HistogramTests {
    @Test func `quantiles are accurate to half a bin`() {
        var histogram = Histogram(-5...20, width: 0.01)
        for value in 0..<1_000 { histogram.add(Double(value) / 1_000) }
        #expect(abs((histogram.quantile(0.5) ?? 0) - 0.5) <= 0.01)
        #expect(abs((histogram.quantile(0.9) ?? 0) - 0.9) <= 0.01)
    }

    @Test func `values beyond the range count in the end bins, and not-a-number is ignored`() {
        var histogram = Histogram(0...1, width: 0.1)
        #expect(histogram.quantile(0.5) == nil)
        for value in [-7, 99, .nan, .infinity] { histogram.add(value) }
        #expect(histogram.count == 2)
        #expect(abs((histogram.quantile(0) ?? 0) - 0.05) < 1e-9)
        #expect(abs((histogram.quantile(1) ?? 0) - 0.95) < 1e-9)
    }
}

@Suite struct SyllableCounterTests {
    @Test func `each rise of the level is one syllable`() {
        let clock = CallClock(windowMs: 10, hopMs: 10)
        var counter = SyllableCounter(clock: clock)
        for step in 0..<200 {
            // Five swells a second, 12 dB deep.
            let level = -30 + 12 * Float(step % 20 < 10 ? step % 10 : 10 - step % 10) / 10
            counter.step(isSpeech: true, levelDBFS: level)
        }
        counter.step(isSpeech: false, levelDBFS: -60)
        #expect(counter.count == 10)
    }

    /// Syllables five a second, 12 dB deep, after a burst.
    @Test(arguments: [(10, 35), (10, 50), (60, 35), (300, 45)])
    func `a loud burst does not hide the syllables after it`(steps: Int, dB: Int) {
        let clock = CallClock(windowMs: 10, hopMs: 10)
        var counter = SyllableCounter(clock: clock)
        for step in 0..<steps { counter.step(isSpeech: true, levelDBFS: Float(dB - 45) - Float(step % 15)) }
        counter.step(isSpeech: false, levelDBFS: -60)
        let burst = counter.count
        for step in 0..<2_400 {
            let level = -45 + 12 * Float(step % 20 < 10 ? step % 10 : 10 - step % 10) / 10
            counter.step(isSpeech: true, levelDBFS: level)
        }
        counter.step(isSpeech: false, levelDBFS: -60)
        // 120 of them; a long burst of many peaks may hide the first few.
        #expect(counter.count - burst >= 110 && counter.count - burst <= 121)
    }

    @Test func `quiet noise between syllables is not a syllable`() {
        let clock = CallClock(windowMs: 10, hopMs: 10)
        var counter = SyllableCounter(clock: clock)
        for step in 0..<2_000 {
            let level: Float = step % 40 < 20 ? -25 - Float(abs(10 - step % 20)) : -65 - 4 * Float(step % 4)
            counter.step(isSpeech: true, levelDBFS: level)
        }
        #expect(abs(counter.count - 50) <= 1)
    }

    @Test func `a steady voice is one syllable, silence none`() {
        let clock = CallClock(windowMs: 10, hopMs: 10)
        var counter = SyllableCounter(clock: clock)
        for _ in 0..<100 { counter.step(isSpeech: false, levelDBFS: -60) }
        #expect(counter.count == 0)
        for _ in 0..<100 { counter.step(isSpeech: true, levelDBFS: -30) }
        counter.step(isSpeech: false, levelDBFS: -60)
        #expect(counter.count == 1)
    }
}
