import SidetoneCodecs
import SidetoneJSON
import SidetoneModel

/// A text message of Vonage: its members lie flat, the NCCO's headers among them.
struct VonageMessage {
    static let connected = "websocket:connected"
    static let digit = "websocket:dtmf"

    private(set) var event: String?
    private var contentType: String?
    /// The NCCO's headers; values that are not strings are kept as they are written.
    private(set) var headers: [String: String] = [:]
    private(set) var omittedHeaders = 0

    init(_ text: Span<UInt8>) throws(JSONScan.Failure) {
        var index = JSONScan.start(of: text)
        var this = self
        var bytes = 0
        try JSONScan.object(in: text, at: &index, depth: 1) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            let field = try JSONScan.field(in: text, at: &index, depth: 1)
            if key.matches("event", in: text) {
                guard this.event == nil else { throw JSONScan.Failure(detail: "the key 'event' is duplicated") }
                guard case .string = field.kind else { throw JSONScan.Failure(detail: "'event' is not a string") }
                this.event = field.text(in: text, limit: 256) ?? ""
            } else if key.matches("content-type", in: text) {
                this.contentType = field.text(in: text, limit: 256)
            } else if !field.isNull {
                let room = StartMessage.maxParameterBytes - bytes
                if let name = key.bytes(in: text, limit: room).flatMap({ String(validating: $0, as: UTF8.self) }),
                    let value = field.text(in: text, limit: room - name.utf8.count)
                {
                    bytes += name.utf8.count + value.utf8.count
                    this.headers[name] = value
                } else {
                    this.omittedHeaders += 1
                }
            }
            return true
        }
        JSONScan.skipSpace(in: text, at: &index)
        guard index == text.count else { throw JSONScan.Failure(detail: "something follows the closing brace") }
        self = this
    }

    /// `audio/l16;rate=16000`.
    func format() throws(StartMessage.Failure) -> MediaFormat {
        guard let contentType else {
            throw StartMessage.Failure(code: .missingField, detail: "'content-type' is missing")
        }
        let parts = contentType.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        let rates = L16.sampleRates.map(String.init).joined(separator: ", ")
        guard parts.first == "audio/l16" else {
            throw StartMessage.Failure(
                code: .unsupportedEncoding,
                detail: "'content-type' is \"\(PrintableText.short(contentType))\"; supported: audio/l16;rate=16000")
        }
        let rate = parts.first { $0.hasPrefix("rate=") }.flatMap { Int($0.dropFirst(5)) }
        guard let rate, L16.sampleRates.contains(rate) else {
            throw StartMessage.Failure(
                code: .unsupportedEncoding,
                detail: "'content-type' is \"\(PrintableText.short(contentType))\"; L16 takes the rates \(rates)")
        }
        return MediaFormat(encoding: .l16, sampleRate: rate)
    }

    // MARK: Writing

    static func start(_ start: StreamStart, callIDKey: String) -> String {
        var members = [
            ("event", connected),
            ("content-type", "audio/l16;rate=\(start.format.sampleRate)"),
            (callIDKey, start.callID),
        ]
        let taken = Set(members.map(\.0))
        members += start.customParameters.sorted { $0.key < $1.key }.filter { !taken.contains($0.key) }
            .map { ($0.key, $0.value) }
        return JSONWriter.text(of: .object(JSONObject(members.map { JSONMember($0.0, .text($0.1)) })))
    }

    static func text(of digit: WireDigit) -> String {
        let duration = digit.durationMs.map { ",\"duration\":\($0)" } ?? ""
        return "{\"event\":\"\(Self.digit)\",\"digit\":\"\(digit.digit)\"\(duration)}"
    }
}
