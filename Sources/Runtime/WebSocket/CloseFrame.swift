/// The payload of a close frame: RFC 6455 §5.5.1.
enum CloseFrame {
    /// A control frame has at most 125 bytes (§5.5), two of which are the code.
    static let maxReasonBytes = 123

    /// - Parameter reason: truncated at a character boundary if too long; empty for none.
    static func payload(code: Int, reason: String) -> [UInt8] {
        var payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
        var count = 0
        for scalar in reason.unicodeScalars {
            let letter = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            count += letter.count
            guard count <= maxReasonBytes else { break }
            payload += letter
        }
        return payload
    }
}
