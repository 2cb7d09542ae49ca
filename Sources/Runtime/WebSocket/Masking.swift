import NIOWebSocket

/// The masking of RFC 6455 §5.3.
enum Masking {
    /// Exclusive-or of `bytes[start...]` with the key, over and over.
    static func apply(_ key: WebSocketMaskingKey, to bytes: inout [UInt8], from start: Int) {
        let (a, b, c, d) = (
            key[key.startIndex], key[key.startIndex + 1], key[key.startIndex + 2], key[key.startIndex + 3]
        )
        var span = bytes.mutableSpan
        let count = span.count
        var n = start
        while n + 4 <= count {
            span[n] ^= a
            span[n + 1] ^= b
            span[n + 2] ^= c
            span[n + 3] ^= d
            n += 4
        }
        if n < count { span[n] ^= a }
        if n + 1 < count { span[n + 1] ^= b }
        if n + 2 < count { span[n + 2] ^= c }
    }
}
