#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Short sounds of the kinds that break measures, 100 ms each.
enum Sounds {
    static func all(rate: Int) -> [(String, [Float])] {
        let count = rate / 10
        var impulse = [Float](repeating: 0, count: count)
        impulse[count / 2] = 1
        return [
            ("silence", [Float](repeating: 0, count: count)),
            ("a constant", [Float](repeating: 0.5, count: count)),
            ("full scale", (0..<count).map { $0 / 8 % 2 == 0 ? 1 : -1 }),
            ("beyond full scale", (0..<count).map { $0 / 8 % 2 == 0 ? 60_000 : -60_000 }),
            ("the smallest steps", (0..<count).map { $0 % 2 == 0 ? 1 / 32_768 : 0 }),
            ("below the smallest normal number", [Float](repeating: Float.leastNormalMagnitude / 100, count: count)),
            ("an impulse", impulse),
            ("a tone", tone(rate: rate)),
        ]
    }

    static func tone(rate: Int) -> [Float] {
        (0..<rate / 10).map { Float(0.5 * sin(2 * Double.pi * 440 * Double($0) / Double(rate))) }
    }
}
