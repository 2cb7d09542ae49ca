import SidetoneJSON

/// The content of a SWML `play`, except files.
enum Playable: Hashable {
    case speech(String)
    case silence(seconds: Double)

    /// Maximum silence in seconds: an hour.
    static let longest = 3_600.0

    /// - Parameter step: `{"play": {"url": "say:Hello"}}`, or `{"play": {"urls": ["silence:1"]}}` with one entry.
    init?(_ step: JSONValue) {
        guard case .object(let object) = step, case .object(let play)? = object["play"] else { return nil }
        let url: String
        if case .text(let text)? = play["url"] {
            url = text
        } else if case .list(let list)? = play["urls"], list.count == 1, case .text(let text) = list[0] {
            url = text
        } else {
            return nil
        }
        if url.hasPrefix("say:") {
            let text = String(url.dropFirst(4))
            guard !text.isEmpty else { return nil }
            self = .speech(text)
        } else if url.hasPrefix("silence:"), let seconds = Double(url.dropFirst(8)), Self.isUsable(seconds) {
            self = .silence(seconds: seconds)
        } else {
            return nil
        }
    }

    /// The seconds of `{"sleep": 2500}`, or of `{"sleep": {"duration": 2500}}`.
    static func sleep(_ step: JSONValue) -> Double? {
        guard case .object(let object) = step else { return nil }
        var value = object["sleep"]
        if case .object(let parameters)? = value { value = parameters["duration"] }
        guard case .number(let number)? = value, let milliseconds = Double(number.literal),
            isUsable(milliseconds / 1_000)
        else { return nil }
        return milliseconds / 1_000
    }

    private static func isUsable(_ seconds: Double) -> Bool { (0...longest).contains(seconds) }
}
