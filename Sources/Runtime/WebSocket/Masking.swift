/// The masking of RFC 6455 §5.3.
enum Masking {
    /// XORs `bytes[start...]` with the repeated key.
    static func apply(_ key: SIMD4<UInt8>, to bytes: inout [UInt8], from start: Int) {
        let (a, b, c, d) = (key[0], key[1], key[2], key[3])
        var span = bytes.mutableSpan
        let wordCount = (span.count - start) / 4
        for word in 0..<wordCount {
            let offset = start &+ word &* 4
            span[offset] ^= a
            span[offset &+ 1] ^= b
            span[offset &+ 2] ^= c
            span[offset &+ 3] ^= d
        }
        for (n, offset) in (start + wordCount * 4..<span.count).enumerated() {
            span[offset] ^= n == 0 ? a : n == 1 ? b : c
        }
    }
}
