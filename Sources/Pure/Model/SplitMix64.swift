/// Random numbers that a seed repeats: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// - Parameter stream: separates the generators of several calls or streams that share one seed.
    package init(seed: UInt64, stream: Int) {
        state = seed
        for _ in 0..<2 { state = next() ^ UInt64(truncatingIfNeeded: stream) }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Hexadecimal digits, lower case.
    package mutating func hex(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() & 15, radix: 16)) })
    }

    /// Decimal digits.
    package mutating func decimal(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() % 10)) })
    }

    /// RFC 9562 §5.4: version 4.
    package mutating func uuid() -> String {
        "\(hex(8))-\(hex(4))-4\(hex(3))-\(["8", "9", "a", "b"][Int(next() & 3)])\(hex(3))-\(hex(12))"
    }
}
