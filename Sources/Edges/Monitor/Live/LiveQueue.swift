import SidetoneJSON

/// What one client of the live socket is told, in order: numbered, bounded, with what was left out.
struct LiveQueue {
    static let messageLimit = 1_000
    static let byteLimit = 4 << 20

    /// The number of the newest message.
    private(set) var seq: Int64 = 0
    private(set) var messages: [[UInt8]] = []
    private var bytes = 0
    /// What was left out since the last gap that was told, by kind, and its first and last number.
    private var missed: [String: Int64] = [:]
    private var missedRange: ClosedRange<Int64>?

    /// Puts a message in; when there is no room it is left out and counted.
    ///
    /// - Parameter body: the members of the object after `seq`, without the first brace: `"type":"hello"}`.
    mutating func enqueue(_ kind: String, body: [UInt8]) {
        guard messages.count < Self.messageLimit, bytes + body.count < Self.byteLimit else { return skip(kind) }
        seq += 1
        var message = Array("{\"seq\":\(seq),".utf8)
        message.append(contentsOf: body)
        bytes += message.count
        messages.append(message)
    }

    /// Counts a message that is not made, because a newer one will say it.
    mutating func skip(_ kind: String) {
        seq += 1
        missed[kind, default: 0] += 1
        missedRange = (missedRange?.lowerBound ?? seq)...seq
    }

    var isEmpty: Bool { messages.isEmpty && missed.isEmpty }

    /// Takes all messages; the last one tells what was left out, if anything was.
    mutating func drain() -> [[UInt8]] {
        if let range = missedRange {
            seq += 1
            var json = JSONWriter()
            json.beginObject()
            json.member("seq", integer: seq)
            json.member("type", text: "gap")
            json.key("missed")
            json.beginObject()
            for (kind, count) in missed.sorted(by: { $0.key < $1.key }) { json.member(kind, integer: count) }
            json.endObject()
            json.member("from_seq", integer: range.lowerBound)
            json.member("to_seq", integer: range.upperBound)
            json.endObject()
            messages.append(json.bytes)
        }
        defer {
            messages = []
            bytes = 0
            missed = [:]
            missedRange = nil
        }
        return messages
    }
}
