/// Random numbers that a seed repeats: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
package struct FaultDice: Sendable {
    private var state: UInt64

    /// - Parameter number: tells the dice of several calls or streams of one seed apart.
    package init(seed: UInt64, number: Int = 0) {
        state = seed
        for _ in 0..<2 { state = next() ^ UInt64(truncatingIfNeeded: number) }
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to and without 1.
    package mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }
}
