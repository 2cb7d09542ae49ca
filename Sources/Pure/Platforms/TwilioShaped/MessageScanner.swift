import SidetoneModel

/// Reads the messages of the Twilio-shaped dialects in one pass, without building a tree.
///
/// Checks the structure of the whole message and picks out what a media message carries. What is wrong with a media
/// message matters only if it is one: other messages may have odd fields of the same names.
struct MessageScanner {
    enum Event { case connected, start, media, dtmf, mark, stop, unknown }

    /// Fields that the scanner reads.
    struct Keys: OptionSet {
        let rawValue: UInt8
        static let sequence = Keys(rawValue: 1)
        static let chunk = Keys(rawValue: 2)
        static let timestamp = Keys(rawValue: 4)
        static let media = Keys(rawValue: 8)
        static let payload = Keys(rawValue: 16)
        static let track = Keys(rawValue: 32)
    }

    /// The values of a media message, and the name of the event.
    struct Fields {
        /// nil where the message names none.
        var event: Event?
        var sequence: Int64?
        var track: TrackRole?
        var chunk: Int64?
        var timestampMs: Int64?
        /// What was there.
        var keys: Keys = []
        /// Counters that were there and could not be read.
        var unreadable: Keys = []
        /// Why the media cannot be used.
        var mediaProblem: String?

        mutating func record(_ problem: @autoclosure () -> String) {
            if mediaProblem == nil { mediaProblem = problem() }
        }

        /// - Returns: false for a key that came before.
        mutating func claim(_ key: Keys, name: StaticString) -> Bool {
            guard keys.insert(key).inserted else {
                record("the key '\(name)' is duplicated")
                return false
            }
            return true
        }
    }

    /// Scans one message.
    ///
    /// - Parameter payload: is replaced by the decoded payload; its storage is used again.
    static func scan(_ text: Span<UInt8>, payload: inout [UInt8]) throws(JSONScan.Failure) -> Fields {
        var fields = Fields()
        var index = JSONScan.start(of: text)
        try JSONScan.object(in: text, at: &index, depth: 1) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            if key.matches("media", in: text) {
                guard fields.claim(.media, name: "media") else { return false }
                guard index < text.count, text[index] == UInt8(ascii: "{") else {
                    fields.record("'media' is not an object")
                    return false
                }
                try media(in: text, at: &index, into: &fields, &payload)
                return true
            }
            if key.matches("event", in: text) {
                guard fields.event == nil else { throw JSONScan.Failure(detail: "the key 'event' is duplicated") }
                guard let name = try JSONScan.string(in: text, at: &index) else {
                    throw JSONScan.Failure(detail: "'event' is not a string")
                }
                fields.event = event(name, in: text)
                return true
            }
            if key.matches("sequenceNumber", in: text) {
                guard fields.claim(.sequence, name: "sequenceNumber") else { return false }
                guard let number = try counter(.sequence, in: text, at: &index, depth: 1, into: &fields) else {
                    return true
                }
                fields.sequence = number.isWhole ? number.whole : nil
                if !number.isWhole { fields.unreadable.insert(.sequence) }
                return true
            }
            return false
        }
        JSONScan.skipSpace(in: text, at: &index)
        guard index == text.count else { throw JSONScan.Failure(detail: "something follows the closing brace") }
        return fields
    }

    private static func event(_ name: JSONString, in text: Span<UInt8>) -> Event {
        if name.matches("media", in: text) { return .media }
        if name.matches("dtmf", in: text) { return .dtmf }
        if name.matches("mark", in: text) { return .mark }
        if name.matches("stop", in: text) { return .stop }
        if name.matches("start", in: text) { return .start }
        return name.matches("connected", in: text) ? .connected : .unknown
    }

    private static func media(
        in text: Span<UInt8>, at index: inout Int, into fields: inout Fields, _ payload: inout [UInt8]
    ) throws(JSONScan.Failure) {
        try JSONScan.object(in: text, at: &index, depth: 2) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            if key.matches("payload", in: text) {
                guard fields.claim(.payload, name: "media.payload") else { return false }
                return try decode(in: text, at: &index, into: &fields, &payload)
            }
            if key.matches("track", in: text) {
                guard fields.claim(.track, name: "media.track") else { return false }
                try track(in: text, at: &index, into: &fields)
                return true
            }
            if key.matches("chunk", in: text) {
                guard fields.claim(.chunk, name: "media.chunk") else { return false }
                guard let number = try counter(.chunk, in: text, at: &index, depth: 2, into: &fields) else {
                    return true
                }
                fields.chunk = number.isWhole ? number.whole : nil
                if !number.isWhole { fields.unreadable.insert(.chunk) }
                return true
            }
            if key.matches("timestamp", in: text) {
                guard fields.claim(.timestamp, name: "media.timestamp") else { return false }
                // A fraction of a millisecond is a few samples: the whole part places the packet.
                fields.timestampMs = try counter(.timestamp, in: text, at: &index, depth: 2, into: &fields)?.whole
                return true
            }
            return false
        }
    }

    /// - Returns: false where the value is left to be passed over.
    private static func decode(
        in text: Span<UInt8>, at index: inout Int, into fields: inout Fields, _ payload: inout [UInt8]
    ) throws(JSONScan.Failure) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: "\"") else {
            fields.record("'media.payload' is not a string")
            return false
        }
        var end = index + 1
        guard Base64.decode(text, at: &end, into: &payload) else {
            fields.record("'media.payload' is not base64")
            return false
        }
        index = end + 1
        return true
    }

    private static func track(
        in text: Span<UInt8>, at index: inout Int, into fields: inout Fields
    ) throws(JSONScan.Failure) {
        let field = try JSONScan.field(in: text, at: &index, depth: 2)
        switch field.kind {
        case .null: return
        case .string where field.range.isEmpty: return
        case .string(let isEscaped):
            fields.track = TrackWord.role(of: JSONString(range: field.range, isEscaped: isEscaped), in: text)
            if fields.track == nil { fields.record("'media.track' is neither inbound nor outbound") }
        case .number, .flag, .list, .object: fields.record("'media.track' is not a string")
        }
    }

    /// A counter, given as a string or as a number; `null` and an empty string are none.
    ///
    /// - Returns: nil where there is none, or none that can be read: the packet is heard without it.
    private static func counter(
        _ key: Keys, in text: Span<UInt8>, at index: inout Int, depth: Int, into fields: inout Fields
    ) throws(JSONScan.Failure) -> DecimalText? {
        if index < text.count, text[index] != UInt8(ascii: "\"") {
            // Words that are no JSON, such as NaN, are passed over here: some writers have them.
            let word = JSONScan.bare(in: text, at: &index)
            if !word.isEmpty {
                if let number = DecimalText(text, word) { return number }
                if !JSONString(range: word, isEscaped: false).matches("null", in: text) {
                    fields.unreadable.insert(key)
                }
                return nil
            }
        }
        let field = try JSONScan.field(in: text, at: &index, depth: depth)
        if let number = field.number(in: text) { return number }
        if case .string = field.kind, field.range.isEmpty { return nil }
        fields.unreadable.insert(key)
        return nil
    }
}
