import SidetoneJSON

/// What stands between the values of a `media` message.
enum MediaText {
    static let sequence = Array(#"{"event":"media","sequenceNumber":""#.utf8)
    static let inbound = Array(#"","media":{"track":"inbound","chunk":""#.utf8)
    static let outbound = Array(#"","media":{"track":"outbound","chunk":""#.utf8)
    static let timestamp = Array(#"","timestamp":""#.utf8)
    static let payload = Array(#"","payload":""#.utf8)

    /// What closes the message.
    static func end(streamID: String?) -> [UInt8] {
        guard let streamID else { return Array(#""}}"#.utf8) }
        return Array(#""},"streamSid":""#.utf8) + JSONEscape.escaped(streamID) + Array(#""}"#.utf8)
    }
}

/// Whole numbers as text.
enum Decimal {
    static func append(_ number: Int64, to text: inout [UInt8]) {
        if number < 0 { text.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let start = text.count
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        text[start...].reverse()
    }
}
