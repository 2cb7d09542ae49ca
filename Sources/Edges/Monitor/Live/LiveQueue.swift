import SidetoneJSON

/// The messages for one client of the live socket: in order, numbered and bounded, with a record of dropped ones.
struct LiveQueue {
    static let messageLimit = 1_000
    static let byteLimit = 4 << 20

    /// The number of the newest message.
    private(set) var seq: Int64 = 0
    private(set) var messages: [[UInt8]] = []
    private var bytes = 0
    /// Messages dropped since the last reported gap, by kind, with the first and last number.
    private var missed: [String: Int64] = [:]
    private var missedRange: ClosedRange<Int64>?

    /// Appends a message; if the queue is full, the message is dropped and counted.
    ///
    /// - Parameter body: the members of the object after `seq`, without the opening brace: `"type":"hello"}`.
    mutating func enqueue(_ kind: String, body: [UInt8]) {
        guard messages.count < Self.messageLimit, bytes + body.count < Self.byteLimit else { return skip(kind) }
        seq += 1
        var message = Array("{\"seq\":\(seq),".utf8)
        message.append(contentsOf: body)
        bytes += message.count
        messages.append(message)
    }

    /// Counts a message that is not encoded because a newer one will supersede it.
    mutating func skip(_ kind: String) {
        seq += 1
        missed[kind, default: 0] += 1
        missedRange = (missedRange?.lowerBound ?? seq)...seq
    }

    var isEmpty: Bool { messages.isEmpty && missed.isEmpty }

    /// Removes and returns all messages; the last one reports what was dropped, if anything.
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
