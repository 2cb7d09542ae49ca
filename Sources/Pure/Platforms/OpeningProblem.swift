import SidetoneModel

/// Why the first messages of a stream are in no known dialect.
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

    private static func text(binary bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return "is UTF-16 in a binary frame; send UTF-8 in text frames"
        }
        let first = bytes[JSONScan.start(of: bytes.span)...].first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
        return first == UInt8(ascii: "{")
            ? "is JSON in a binary frame; send it in text frames" : "is a binary frame; send JSON in text frames"
    }
}
