/// A call from the monitor's API; members that are not shown are ignored.
struct LiveCall: Sendable, Hashable, Decodable {
    struct Track: Sendable, Hashable, Decodable {
        var level_dbfs: Double?
        var speech: Bool?
        var clipped: Bool?
        var low: Bool?
        var dead: Bool?
        var gaps: Int?
        var arrival_jitter_ms: Double?
    }

    struct Alert: Sendable, Hashable, Decodable {
        var type: String
        var severity: String?
    }

    struct Stream: Sendable, Hashable, Decodable {
        var dialect: String?
        var codec: String?
    }

    var id: String
    var state: String
    var duration_s: Double?
    var from: String?
    var to: String?
    var speaking: String?
    var streams: [Stream]?
    var tracks: [String: Track]?
    var silence_s: Double?
    var talk_share: [String: Double?]?
    var overtalk_s: Double?
    var alerts: [Alert]?

    var seconds: Double { duration_s ?? 0 }
    func track(_ name: String) -> Track { tracks?[name] ?? Track() }
}
