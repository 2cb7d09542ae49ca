import SidetoneJSON
import SidetoneModel

/// Explains why the first messages of a stream match no known dialect.
enum OpeningProblem {
    /// What is wrong with the message that shows most: a `start` that cannot be read, else the first of all.
    static func text(_ messages: [WireMessage]) -> String {
        for (index, message) in messages.enumerated() where message.kind == .text {
            var payload: [UInt8] = []
            guard let fields = try? MessageScanner.scan(message.bytes.span, payload: &payload), fields.event == .start
            else { continue }
            do throws(StartMessage.Failure) {
                _ = try StartMessage(message.bytes.span).streamStart()
            } catch { return "message \(index + 1): \(error.detail)" }
        }
        return messages.first.map { "message 1 \(text($0))" } ?? "no message came"
    }

    private static func text(_ message: WireMessage) -> String {
        guard message.kind == .text else { return text(binary: message.bytes) }
        var payload: [UInt8] = []
        do throws(JSONScan.Failure) {
            let fields = try MessageScanner.scan(message.bytes.span, payload: &payload)
            guard fields.event != nil else { return "has no 'event'" }
            let name = TextMembers.text(of: "event", in: message.bytes.span, limit: 256) ?? ""
            return "has the event \"\(PrintableText.short(name))\""
        } catch { return "is not JSON of a known form: \(error.detail)" }
    }

    /// Whether a message can be audio: binary, and neither JSON nor UTF-16.
    static func isAudio(_ message: WireMessage) -> Bool {
        guard message.kind == .binary else { return false }
        return !isUTF16(message.bytes) && firstSign(message.bytes) != UInt8(ascii: "{")
    }

    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0xFF, 0xFE, 0x7B]) || bytes.starts(with: [0xFE, 0xFF, 0x00, 0x7B])
    }

    private static func firstSign(_ bytes: [UInt8]) -> UInt8? {
        bytes[JSONScan.start(of: bytes.span)...].first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
    }

    private static func text(binary bytes: [UInt8]) -> String {
        if isUTF16(bytes) { return "is UTF-16 in a binary frame; send UTF-8 in text frames" }
        let first = firstSign(bytes)
        return first == UInt8(ascii: "{")
            ? "is JSON in a binary frame; send it in text frames" : "is a binary frame; send JSON in text frames"
    }
}
