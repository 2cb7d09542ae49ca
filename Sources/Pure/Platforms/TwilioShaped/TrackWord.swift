import SidetoneModel

/// What platforms call a track: `inbound`, `Inbound`, `inbound_track`.
enum TrackWord {
    /// - Returns: nil for any other word.
    static func role(of word: JSONString, in text: Span<UInt8>) -> TrackRole? {
        if word.matches("inbound", in: text) { return .inbound }
        if word.matches("outbound", in: text) { return .outbound }
        guard let bytes = word.bytes(in: text, limit: maxBytes) else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "inbound", "inbound_track": return .inbound
        case "outbound", "outbound_track": return .outbound
        default: return nil
        }
    }

    /// The tracks that a word of `start.tracks` announces: one, or both.
    static func roles(of word: JSONString, in text: Span<UInt8>) -> [TrackRole] {
        if let role = role(of: word, in: text) { return [role] }
        guard let bytes = word.bytes(in: text, limit: maxBytes) else { return [] }
        let name = String(decoding: bytes, as: UTF8.self).lowercased()
        return name == "both" || name == "both_tracks" ? TrackRole.allCases : []
    }

    private static let maxBytes = 32
}
