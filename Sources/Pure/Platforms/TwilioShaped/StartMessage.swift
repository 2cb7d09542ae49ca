import SidetoneCodecs
import SidetoneJSON
import SidetoneModel

/// The `start` message of the Twilio-shaped dialects.
///
/// Only the ids and the format must be as documented. Anything else that is odd is read as far as it can be, or left
/// out, and `remarks` says what was left out: it never costs the call.
struct StartMessage {
    /// Bytes of an id, which is shortened where it has more, and of all custom parameters of a stream.
    static let maxIDBytes = 256
    static let maxParameterBytes = 16 * 1_024

    struct Failure: Error {
        let code: DialectError.Code
        let detail: String
    }

    private(set) var remarks: [String] = []
    private var hasStart = false
    private var callID = Field.absent
    private var streamID = Field.absent
    private var topStreamID = Field.absent
    private var accountID = Field.absent
    private var tracks: [TrackRole] = []
    private var hasFormat = false
    private var encoding = Field.absent
    private var sampleRate: Int64? = 8_000
    private var channels: Int64 = 1
    private var parameters: [String: String] = [:]
    private var parameterBytes = 0
    private var omittedParameters = 0

    /// A field of text.
    private enum Field {
        case absent
        case text(String)
        /// There, and of no use: `is a list`.
        case wrong(String)

        var text: String? { if case .text(let text) = self { text } else { nil } }
    }

    /// - Parameter text: a message that `MessageScanner` has scanned.
    init(_ text: Span<UInt8>) throws(Failure) {
        do throws(JSONScan.Failure) {
            var index = JSONScan.start(of: text)
            var this = self
            try JSONScan.object(in: text, at: &index, depth: 1) { (text, index, key) throws(JSONScan.Failure) -> Bool in
                if key.matches("streamSid", in: text) {
                    try Self.id("streamSid", in: text, at: &index, depth: 1, into: &this.topStreamID)
                    return true
                }
                guard key.matches("start", in: text) else { return false }
                guard !this.hasStart else { throw JSONScan.Failure(detail: "the key 'start' is duplicated") }
                this.hasStart = true
                try this.readStart(in: text, at: &index)
                return true
            }
            self = this
        } catch {
            throw Failure(code: .malformed, detail: error.detail)
        }
        if case .wrong(let detail) = accountID { remarks.append("'start.accountSid' \(detail); left out") }
        if omittedParameters > 0 {
            remarks.append(
                "'start.customParameters': \(omittedParameters) left out; names and values have at most "
                    + "\(Self.maxParameterBytes) bytes together, of UTF-8")
        }
    }

    private mutating func readStart(in text: Span<UInt8>, at index: inout Int) throws(JSONScan.Failure) {
        guard index < text.count, text[index] == UInt8(ascii: "{") else {
            throw JSONScan.Failure(detail: "'start' is not an object")
        }
        var this = self
        try JSONScan.object(in: text, at: &index, depth: 2) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            if key.matches("callSid", in: text) {
                try Self.id("start.callSid", in: text, at: &index, depth: 2, into: &this.callID)
            } else if key.matches("streamSid", in: text) {
                try Self.id("start.streamSid", in: text, at: &index, depth: 2, into: &this.streamID)
            } else if key.matches("accountSid", in: text) {
                this.accountID = .absent
                try Self.id("start.accountSid", in: text, at: &index, depth: 2, into: &this.accountID)
            } else if key.matches("mediaFormat", in: text) {
                try this.readFormat(in: text, at: &index)
            } else if key.matches("tracks", in: text) {
                try this.readTracks(in: text, at: &index)
            } else if key.matches("customParameters", in: text) {
                try this.readParameters(in: text, at: &index)
            } else {
                return false
            }
            return true
        }
        self = this
    }

    private static func id(
        _ name: String, in text: Span<UInt8>, at index: inout Int, depth: Int, into id: inout Field
    ) throws(JSONScan.Failure) {
        guard case .absent = id else { throw JSONScan.Failure(detail: "the key '\(name)' is duplicated") }
        let field = try JSONScan.field(in: text, at: &index, depth: depth)
        switch field.kind {
        case .null: break
        case .string, .number:
            // However it is escaped, it has no more bytes than its text.
            guard let whole = field.text(in: text, limit: field.range.count) else {
                id = .wrong("is not UTF-8")
                return
            }
            id = .text(bounded(whole))
        case .flag, .list, .object: id = .wrong("is \(field.name); expected a string or a number")
        }
    }

    /// An id of at most `maxIDBytes`: a longer one ends in a digest of all of it, so that two stay two.
    static func bounded(_ id: String) -> String {
        guard id.utf8.count > maxIDBytes else { return id }
        // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let end = "-" + String(digest, radix: 16)
        var short = ""
        for scalar in id.unicodeScalars {
            guard short.utf8.count + UTF8.width(scalar) + end.utf8.count <= maxIDBytes else { break }
            short.unicodeScalars.append(scalar)
        }
        return short + end
    }

    private mutating func readFormat(in text: Span<UInt8>, at index: inout Int) throws(JSONScan.Failure) {
        guard !hasFormat else { throw JSONScan.Failure(detail: "the key 'start.mediaFormat' is duplicated") }
        hasFormat = true
        guard index < text.count, text[index] == UInt8(ascii: "{") else {
            throw JSONScan.Failure(detail: "'start.mediaFormat' is not an object")
        }
        var this = self
        try JSONScan.object(in: text, at: &index, depth: 3) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            if key.matches("encoding", in: text) {
                try Self.id("start.mediaFormat.encoding", in: text, at: &index, depth: 3, into: &this.encoding)
            } else if key.matches("sampleRate", in: text) {
                let field = try JSONScan.field(in: text, at: &index, depth: 3)
                if field.isNull { return true }
                let number = field.number(in: text)
                this.sampleRate = number?.isWhole == true ? number?.whole : nil
            } else if key.matches("channels", in: text) {
                let field = try JSONScan.field(in: text, at: &index, depth: 3)
                if let number = field.number(in: text), number.isWhole {
                    this.channels = number.whole
                } else if !field.isNull {
                    this.remarks.append("'start.mediaFormat.channels' is \(field.name) that is no count; taken as 1")
                }
            } else {
                return false
            }
            return true
        }
        self = this
    }

    /// Tracks are announced as a list of words, or as one word; media of other tracks is accepted anyway.
    private mutating func readTracks(in text: Span<UInt8>, at index: inout Int) throws(JSONScan.Failure) {
        var words: [JSONField] = []
        if index < text.count, text[index] == UInt8(ascii: "[") {
            try JSONScan.list(in: text, at: &index, depth: 3) { (text, index) throws(JSONScan.Failure) in
                let field = try JSONScan.field(in: text, at: &index, depth: 3)
                if words.count < 8 { words.append(field) }
            }
        } else {
            words = [try JSONScan.field(in: text, at: &index, depth: 2)]
        }
        tracks = []
        var isOdd = false
        for word in words {
            var roles: [TrackRole] = []
            if case .string(let isEscaped) = word.kind {
                roles = TrackWord.roles(of: JSONString(range: word.range, isEscaped: isEscaped), in: text)
            }
            if roles.isEmpty, !word.isNull { isOdd = true }
            for role in roles where !tracks.contains(role) { tracks.append(role) }
        }
        if isOdd { remarks.append("'start.tracks' holds something else than inbound, outbound and both; left out") }
    }

    /// Values that are not strings are kept as they are written; null is none.
    private mutating func readParameters(in text: Span<UInt8>, at index: inout Int) throws(JSONScan.Failure) {
        guard index < text.count, text[index] == UInt8(ascii: "{") else {
            let field = try JSONScan.field(in: text, at: &index, depth: 2)
            if !field.isNull { remarks.append("'start.customParameters' is \(field.name), not an object; left out") }
            return
        }
        var this = self
        try JSONScan.object(in: text, at: &index, depth: 3) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            let field = try JSONScan.field(in: text, at: &index, depth: 3)
            if field.isNull { return true }
            let room = Self.maxParameterBytes - this.parameterBytes
            guard let name = key.bytes(in: text, limit: room).flatMap({ String(validating: $0, as: UTF8.self) }),
                let value = field.text(in: text, limit: room - name.utf8.count)
            else {
                this.omittedParameters += 1
                return true
            }
            this.parameterBytes += name.utf8.count + value.utf8.count
            this.parameters[name] = value
            return true
        }
        self = this
    }

    // MARK: What it means

    /// - Throws: what is missing or wrong among the ids and the format.
    func streamStart() throws(Failure) -> StreamStart {
        guard hasStart else { throw Failure(code: .missingField, detail: "'start' is missing") }
        let callID = try required("start.callSid", field: callID)
        var stream = streamID
        // SignalWire has it in `start`, the others there and beside it: one of them is enough.
        if case .text = topStreamID, stream.text == nil { stream = topStreamID }
        let streamID = try required("start.streamSid", field: stream)
        guard hasFormat else { throw Failure(code: .missingField, detail: "'start.mediaFormat' is missing") }
        return StreamStart(
            streamID: streamID, callID: callID, accountID: accountID.text, tracks: tracks, format: try format(),
            customParameters: parameters)
    }

    private func required(_ name: String, field: Field) throws(Failure) -> String {
        switch field {
        case .absent: throw Failure(code: .missingField, detail: "'\(name)' is missing")
        case .wrong(let detail): throw Failure(code: .malformed, detail: "'\(name)' \(detail)")
        case .text(let text): return text
        }
    }

    private func format() throws(Failure) -> MediaFormat {
        let name = try required("start.mediaFormat.encoding", field: encoding)
        guard let codec = CodecCatalog.named(name) else {
            throw Failure(
                code: .unsupportedEncoding,
                detail: "'start.mediaFormat.encoding' is \"\(PrintableText.short(name))\"; supported: "
                    + CodecCatalog.names)
        }
        let rates = codec.sampleRates.map(String.init).joined(separator: ", ")
        guard let rate = sampleRate else {
            throw Failure(
                code: .malformed,
                detail: "'start.mediaFormat.sampleRate' is not a whole number; \(codec.encoding) supports \(rates)")
        }
        guard let rate = Int(exactly: rate), codec.sampleRates.contains(rate) else {
            throw Failure(
                code: .unsupportedEncoding,
                detail: "'start.mediaFormat.sampleRate' is \(rate); \(codec.encoding) supports \(rates)")
        }
        guard channels == 1 else {
            throw Failure(
                code: .unsupportedEncoding,
                detail: "'start.mediaFormat.channels' is \(channels); each track is mono")
        }
        return MediaFormat(encoding: codec.encoding, sampleRate: rate)
    }

    /// The ids where they can be read, for telling platforms apart; `top` is the stream's beside `start`.
    var ids: (call: String?, stream: String?, top: String?) { (callID.text, streamID.text, topStreamID.text) }
}
