import SidetoneModel

/// Reads the messages of the Twilio-shaped dialects in one pass, without building a tree.
///
/// Checks the whole message's structure (depth, strings, the counters' form, keys that come twice among those it reads) and
/// picks out what a media message carries; any other message is known to be shallow before a decoder sees it.
struct MessageScanner {
    /// Objects and arrays within one another; a media message has two.
    static let depthLimit = 16

    struct Failure: Error { let detail: String }

    /// The values of a media message, and the name of the event.
    struct Fields {
        enum Event { case media, other, none }
        var event = Event.none
        var sequence: Int64?
        var hasMedia = false
        var track: TrackRole?
        var chunk: Int64?
        var timestampMs: Int64?
        var hasPayload = false
    }

    /// Scans one message.
    ///
    /// - Parameter payload: is replaced by the decoded payload; its storage is used again.
    static func scan(_ text: Span<UInt8>, payload: inout [UInt8]) throws(Failure) -> Fields {
        var fields = Fields()
        var index = 0
        try object(text, &index, depth: 1) { (text, index, key) throws(Failure) -> Bool in
            if matches(text, key, "media") {
                guard !fields.hasMedia else { throw Failure(detail: "the key 'media' is there twice") }
                fields.hasMedia = true
                guard index < text.count, text[index] == UInt8(ascii: "{") else {
                    throw Failure(detail: "'media' is not an object")
                }
                try media(text, &index, &fields, &payload)
                return true
            }
            if matches(text, key, "event") {
                guard fields.event == .none else { throw Failure(detail: "the key 'event' is there twice") }
                guard let value = try string(text, &index) else { throw Failure(detail: "'event' is not a string") }
                fields.event = matches(text, value, "media") ? .media : .other
                return true
            }
            if matches(text, key, "sequenceNumber") {
                try number(text, &index, "sequenceNumber", into: &fields.sequence)
                return true
            }
            return false
        }
        skipSpace(text, &index)
        guard index == text.count else { throw Failure(detail: "something follows the closing brace") }
        return fields
    }

    private static func media(
        _ text: Span<UInt8>, _ index: inout Int, _ fields: inout Fields, _ payload: inout [UInt8]
    ) throws(Failure) {
        try object(text, &index, depth: 2) { (text, index, key) throws(Failure) -> Bool in
            if matches(text, key, "payload") {
                guard !fields.hasPayload else { throw Failure(detail: "the key 'media.payload' is there twice") }
                guard index < text.count, text[index] == UInt8(ascii: "\"") else {
                    throw Failure(detail: "'media.payload' is not a string")
                }
                index += 1
                guard Base64.decode(text, at: &index, into: &payload) else {
                    throw Failure(detail: "'media.payload' is not base64")
                }
                index += 1
                fields.hasPayload = true
                return true
            }
            if matches(text, key, "track") {
                guard fields.track == nil else { throw Failure(detail: "the key 'media.track' is there twice") }
                guard let value = try string(text, &index) else {
                    throw Failure(detail: "'media.track' is not a string")
                }
                if matches(text, value, "inbound") {
                    fields.track = .inbound
                } else if matches(text, value, "outbound") {
                    fields.track = .outbound
                } else {
                    throw Failure(detail: "'media.track' is neither inbound nor outbound")
                }
                return true
            }
            if matches(text, key, "chunk") {
                try number(text, &index, "media.chunk", into: &fields.chunk)
                return true
            }
            if matches(text, key, "timestamp") {
                try number(text, &index, "media.timestamp", into: &fields.timestampMs)
                return true
            }
            return false
        }
    }

    /// Walks an object; `member` takes a key and either reads its value, or says that it did not.
    private static func object(
        _ text: Span<UInt8>, _ index: inout Int, depth: Int,
        _ member: (Span<UInt8>, inout Int, Range<Int>) throws(Failure) -> Bool
    ) throws(Failure) {
        guard depth <= depthLimit else { throw Failure(detail: "it is nested deeper than \(depthLimit)") }
        skipSpace(text, &index)
        guard take(text, &index, "{") else { throw Failure(detail: "it is not a JSON object") }
        skipSpace(text, &index)
        if take(text, &index, "}") { return }
        while true {
            skipSpace(text, &index)
            guard let key = try string(text, &index) else { throw Failure(detail: "a key is not a string") }
            skipSpace(text, &index)
            guard take(text, &index, ":") else { throw Failure(detail: "a key has no colon") }
            skipSpace(text, &index)
            if try !member(text, &index, key) { try skipValue(text, &index, depth: depth) }
            skipSpace(text, &index)
            if take(text, &index, ",") { continue }
            guard take(text, &index, "}") else { throw Failure(detail: "an object is not closed") }
            return
        }
    }

    private static func skipValue(_ text: Span<UInt8>, _ index: inout Int, depth: Int) throws(Failure) {
        guard index < text.count else { throw Failure(detail: "a value is missing") }
        switch text[index] {
        case UInt8(ascii: "{"):
            try object(text, &index, depth: depth + 1) { (_, _, _) throws(Failure) -> Bool in false }
        case UInt8(ascii: "["):
            guard depth < depthLimit else { throw Failure(detail: "it is nested deeper than \(depthLimit)") }
            index += 1
            skipSpace(text, &index)
            if take(text, &index, "]") { return }
            while true {
                skipSpace(text, &index)
                try skipValue(text, &index, depth: depth + 1)
                skipSpace(text, &index)
                if take(text, &index, ",") { continue }
                guard take(text, &index, "]") else { throw Failure(detail: "an array is not closed") }
                return
            }
        case UInt8(ascii: "\""):
            _ = try string(text, &index)
        default:
            let value = bare(text, &index)
            guard !value.isEmpty else { throw Failure(detail: "a value is missing") }
            // A number's exact form is the decoder's business, where one reads it at all.
            let isNumber = text[value.lowerBound] <= UInt8(ascii: "9")
            guard
                isNumber || matches(text, value, "true") || matches(text, value, "false")
                    || matches(text, value, "null")
            else { throw Failure(detail: "a value is neither a number nor true, false or null") }
        }
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The inside of a string, still escaped; nil when there is no string here.
    private static func string(_ text: Span<UInt8>, _ index: inout Int) throws(Failure) -> Range<Int>? {
        guard index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
        let start = index + 1
        // A local place: through `inout`, each step would wait for the memory.
        var place = start
        while place < text.count {
            let byte = text[place]
            if byte == UInt8(ascii: "\"") {
                index = place + 1
                return start..<place
            }
            guard byte >= 0x20 else { throw Failure(detail: "a string holds a control character") }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw Failure(detail: "a string is not closed")
    }

    /// A counter, given as a string or as a number: whole, from 0 up, at most 15 digits. `null` is none.
    private static func number(
        _ text: Span<UInt8>, _ index: inout Int, _ name: StaticString, into field: inout Int64?
    ) throws(Failure) {
        guard field == nil else { throw Failure(detail: "the key '\(name)' is there twice") }
        let digits: Range<Int>
        if let inside = try string(text, &index) {
            digits = inside
        } else {
            digits = bare(text, &index)
            if matches(text, digits, "null") { return }
        }
        guard (1...15).contains(digits.count) else {
            throw Failure(detail: "'\(name)' is not a whole number from 0 up")
        }
        var value: Int64 = 0
        for place in digits {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw Failure(detail: "'\(name)' is not a whole number from 0 up") }
            value = value * 10 + Int64(digit)
        }
        field = value
    }

    /// A number or a word, as far as it goes.
    private static func bare(_ text: Span<UInt8>, _ index: inout Int) -> Range<Int> {
        let start = index
        while index < text.count, isBare(text[index]) { index += 1 }
        return start..<index
    }

    private static func skipSpace(_ text: Span<UInt8>, _ index: inout Int) {
        while index < text.count {
            switch text[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private static func take(_ text: Span<UInt8>, _ index: inout Int, _ sign: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: sign) else { return false }
        index += 1
        return true
    }

    private static func matches(_ text: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for n in 0..<word.count where text[range.lowerBound + n] != word[n] { return false }
            return true
        }
    }
}
