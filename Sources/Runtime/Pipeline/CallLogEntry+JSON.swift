package import SidetoneJSON
package import SidetoneModel

extension CallLogEntry {
    /// The maximum length of a text, in Unicode scalars: longer text comes from an untrusted source and is truncated.
    static let longestText = 1_024

    /// Writes the entry as one object.
    ///
    ///     {"time":"2026-03-01T12:00:00.250000Z","log":"receiver","call":"CA1","event":"media.first","data":{"track":"inbound"}}
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("time", text: UTCTime(unixSeconds: time).microseconds)
        json.member("log", text: log.rawValue)
        json.member("call", text: Self.cut(call))
        json.member("event", text: Self.cut(event))
        json.key("data")
        json.beginObject()
        for entry in values {
            if case .text(let text) = entry.value {
                json.member(entry.name, text: Self.cut(text))
            } else {
                json.member(entry)
            }
        }
        json.endObject()
        json.endObject()
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        var cut = ""
        cut.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(longestText))
        return cut
    }
}
