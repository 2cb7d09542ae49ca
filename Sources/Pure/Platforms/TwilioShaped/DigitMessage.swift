import SidetoneModel

/// A message about keys: `"5"`, `5`, `5.0` or several keys, `"12"`.
struct DigitMessage {
    /// Keys of one message; further ones are left out.
    static let maxDigits = 32
    /// A longer duration is left out.
    static let maxDurationMs: Int64 = 600_000

    private(set) var digits: [WireDigit] = []
    private(set) var remarks: [String] = []
    private var hasField = false
    private var keys: [Character] = []
    private var track: TrackRole?
    private var durationMs: Int?

    /// - Parameter text: a message that `MessageScanner` has scanned.
    init(_ text: Span<UInt8>) throws(StartMessage.Failure) {
        do throws(JSONScan.Failure) {
            var index = JSONScan.start(of: text)
            var this = self
            try JSONScan.object(in: text, at: &index, depth: 1) { (text, index, key) throws(JSONScan.Failure) -> Bool in
                guard key.matches("dtmf", in: text) else { return false }
                if index < text.count, text[index] == UInt8(ascii: "{") {
                    try this.readMembers(in: text, at: &index)
                } else {
                    this.readKeys(try JSONScan.field(in: text, at: &index, depth: 1), in: text)
                }
                return true
            }
            self = this
        } catch {
            throw StartMessage.Failure(code: .malformed, detail: error.detail)
        }
        try finish()
    }

    /// - Parameter text: a message with the members at its top, or within `dtmf`.
    init(members text: Span<UInt8>) throws(StartMessage.Failure) {
        if TextMembers.text(of: "digit", in: text, limit: 1) == nil {
            self = try DigitMessage(text)
            return
        }
        do throws(JSONScan.Failure) {
            var index = JSONScan.start(of: text)
            var this = self
            try this.readMembers(in: text, at: &index)
            self = this
        } catch {
            throw StartMessage.Failure(code: .malformed, detail: error.detail)
        }
        try finish()
    }

    private mutating func finish() throws(StartMessage.Failure) {
        guard hasField else {
            throw StartMessage.Failure(code: .missingField, detail: "'dtmf.digit' is missing")
        }
        guard !keys.isEmpty else {
            throw StartMessage.Failure(
                code: .malformed, detail: "'dtmf.digit' holds no key; keys are 0-9, *, # and A-D")
        }
        // What the message says of several keys together is true of none.
        let length = keys.count == 1 ? durationMs : nil
        digits = keys.map { WireDigit(digit: $0, track: track, durationMs: length) }
    }

    private mutating func readMembers(in text: Span<UInt8>, at index: inout Int) throws(JSONScan.Failure) {
        var this = self
        try JSONScan.object(in: text, at: &index, depth: 2) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            if key.matches("digit", in: text) {
                this.readKeys(try JSONScan.field(in: text, at: &index, depth: 2), in: text)
            } else if key.matches("track", in: text) {
                let field = try JSONScan.field(in: text, at: &index, depth: 2)
                if case .string(let isEscaped) = field.kind {
                    this.track = TrackWord.role(of: JSONString(range: field.range, isEscaped: isEscaped), in: text)
                }
            } else if key.matches("duration", in: text) {
                let number = try JSONScan.field(in: text, at: &index, depth: 2).number(in: text)
                this.durationMs = number.flatMap { $0.whole <= Self.maxDurationMs ? Int($0.whole) : nil }
            } else {
                return false
            }
            return true
        }
        self = this
    }

    private mutating func readKeys(_ field: JSONField, in text: Span<UInt8>) {
        guard !field.isNull else { return }
        hasField = true
        keys = []
        switch field.kind {
        case .number:
            guard let number = field.number(in: text), number.isWhole else { return }
            keys = Array(String(number.whole))
        case .string(let isEscaped):
            let string = JSONString(range: field.range, isEscaped: isEscaped)
            guard field.range.count <= Self.maxTextBytes, let bytes = string.bytes(in: text, limit: Self.maxTextBytes)
            else { return remarks.append("'dtmf.digit' has more than \(Self.maxTextBytes) bytes") }
            if bytes.contains(UInt8(ascii: ".")), let number = DecimalText(bytes.span, 0..<bytes.count) {
                guard number.isWhole else { return }
                keys = Array(String(number.whole))
            } else {
                keys = bytes.compactMap { Self.key($0) }
            }
            if keys.count > Self.maxDigits {
                keys.removeLast(keys.count - Self.maxDigits)
                remarks.append("'dtmf.digit' holds more than \(Self.maxDigits) keys; the rest is left out")
            }
        case .flag, .null, .list, .object: return
        }
    }

    private static let maxTextBytes = 1_024

    private static func key(_ byte: UInt8) -> Character? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "D"), UInt8(ascii: "*"),
            UInt8(ascii: "#"):
            Character(Unicode.Scalar(byte))
        case UInt8(ascii: "a")...UInt8(ascii: "d"): Character(Unicode.Scalar(byte - 0x20))
        default: nil
        }
    }
}
