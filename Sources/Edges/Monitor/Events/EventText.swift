/// Server-Sent Events in the format of EventSource (WHATWG HTML §9.2).
enum EventText {
    /// The first field: how long a client waits before it reconnects.
    static let hello: [UInt8] = Array("retry: 2000\n\n".utf8)
    /// A comment as keep-alive.
    static let ping: [UInt8] = Array(":\n\n".utf8)

    static func text(_ items: [EventQueue.Item]) -> [UInt8] {
        guard !items.isEmpty else { return ping }
        var text: [UInt8] = []
        for item in items {
            switch item {
            case .event(let number, let json):
                text.append(contentsOf: "id: \(number)\nevent: signal\ndata: ".utf8)
                // Our JSON contains no line breaks.
                text.append(contentsOf: json)
                text.append(contentsOf: "\n\n".utf8)
            case .gap(let range, let reason):
                text.append(
                    contentsOf:
                        "event: gap\ndata: {\"from\":\(range.lowerBound),\"to\":\(range.upperBound),\"reason\":\"\(reason)\"}\n\n"
                        .utf8)
            }
        }
        return text
    }
}
