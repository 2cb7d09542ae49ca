import Testing

@testable import SidetoneEmulator

@Suite struct SpokenSoundTests {
    private func bytes(_ number: Int, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// - Parameter size: what the data chunk says of itself.
    private func wav(_ samples: [Int16], rate: Int = 22_050, channels: Int = 1, size: Int? = nil) -> [UInt8] {
        let data = samples.flatMap { bytes(Int($0), count: 2) }
        let format =
            bytes(1, count: 2) + bytes(channels, count: 2) + bytes(rate, count: 4) + bytes(rate * 2, count: 4)
            + bytes(2, count: 2) + bytes(16, count: 2)
        return Array("RIFF".utf8) + bytes(0x7FFF_F024, count: 4) + Array("WAVE".utf8) + Array("LIST".utf8)
            + bytes(3, count: 4)
            + [1, 2, 3, 0] + Array("fmt ".utf8) + bytes(16, count: 4) + format + Array("data".utf8)
            + bytes(size ?? data.count, count: 4) + data
    }

    @Test func `a sound is read with its rate`() {
        let sound = SpokenSound(wav: wav([1, -2, 3]))
        #expect(sound?.sampleRate == 22_050)
        #expect(sound?.samples == [1, -2, 3])
    }

    @Test func `the size of a stream is a guess`() {
        #expect(SpokenSound(wav: wav([5, 6], size: 0x7FFF_F000))?.samples == [5, 6])
    }

    @Test func `other formats are rejected`() {
        #expect(SpokenSound(wav: []) == nil)
        #expect(SpokenSound(wav: wav([1], channels: 2)) == nil)
        #expect(SpokenSound(wav: wav([1], rate: 1)) == nil)
        let whole = wav([1, 2])
        // Cut anywhere before its samples, it is no sound; never a crash.
        for count in 0..<whole.count - 4 { #expect(SpokenSound(wav: Array(whole.prefix(count)))?.samples ?? [] == []) }
    }
}
