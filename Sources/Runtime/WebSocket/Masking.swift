/// The masking of RFC 6455 §5.3.
enum Masking {
    /// Exclusive-or of `bytes[start...]` with the key, over and over.
    static func apply(_ key: SIMD4<UInt8>, to bytes: inout [UInt8], from start: Int) {
        let (a, b, c, d) = (key[0], key[1], key[2], key[3])
        var span = bytes.mutableSpan
        let words = (span.count - start) / 4
        for word in 0..<words {
            let place = start &+ word &* 4
            span[place] ^= a
            span[place &+ 1] ^= b
            span[place &+ 2] ^= c
            span[place &+ 3] ^= d
        }
        for (n, place) in (start + words * 4..<span.count).enumerated() { span[place] ^= n == 0 ? a : n == 1 ? b : c }
    }
}
