/// Events as a browser's EventSource reads them (WHATWG HTML §9.2).
enum EventText {
    /// The first words: how long to wait before coming back.
    static let hello: [UInt8] = Array("retry: 2000\n\n".utf8)
    /// A comment, as a sign of life.
    static let ping: [UInt8] = Array(":\n\n".utf8)

    static func text(_ items: [EventQueue.Item]) -> [UInt8] {
        guard !items.isEmpty else { return ping }
        var text: [UInt8] = []
        for item in items {
            switch item {
            case .event(let number, let json):
                text.append(contentsOf: "id: \(number)\nevent: signal\ndata: ".utf8)
                // JSON of ours has no line breaks.
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
