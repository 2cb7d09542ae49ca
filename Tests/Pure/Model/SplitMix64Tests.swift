import SidetoneModel
import Testing

@Suite struct SplitMix64Tests {
    // The first values for the seed 1234567, as the authors' C program prints them (prng.di.unimi.it/splitmix64.c).
    @Test func `the sequence is the published one`() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func `streams of one seed differ and repeat`() {
        func first(_ stream: Int) -> UInt64 {
            var random = SplitMix64(seed: 7, stream: stream)
            return random.next()
        }
        #expect(Set((0..<100).map(first)).count == 100)
        #expect(first(3) == first(3))
    }

    @Test func `a fraction lies in 0 to below 1`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<1_000 { #expect((0..<1).contains(random.fraction()), "seed 1") }
    }

    @Test func `a UUID has version 4 and the variant of RFC 9562`() {
        var random = SplitMix64(seed: 9)
        let parts = random.uuid().split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts[2].first == "4")
        #expect("89ab".contains(parts[3].first ?? " "))
    }
}
