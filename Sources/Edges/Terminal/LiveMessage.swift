import Foundation

/// A message of the monitor's live socket, reduced to what a terminal shows.
enum LiveMessage: Sendable {
    case hello(version: String)
    case activeCalls(LiveStatus, [LiveCall])
    case status(LiveStatus)
    case levels([LiveLevels])
    case call(LiveCall)
    case ended(LiveCall)
    case signal(LiveSignal)
    case timeline(LiveTimeline)
    case gap
    case other

    /// - Throws: if the text is not a message of the live socket.
    init(_ bytes: some Sequence<UInt8>) throws {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        func read<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type, from: data) }
        switch try read(Kind.self).type {
        case "hello": self = .hello(version: try read(Hello.self).version ?? "")
        case "active_calls":
            let active = try read(ActiveCalls.self)
            self = .activeCalls(active.status, active.calls)
        case "status": self = .status(try read(Status.self).status)
        case "levels": self = .levels(try read(Levels.self).calls)
        case "call", "call_started", "call_changed": self = .call(try read(CallUpdate.self).call)
        case "call_ended": self = .ended(try read(CallUpdate.self).call)
        case "signal": self = .signal(try read(Event.self).event)
        case "timeline": self = .timeline(try read(LiveTimeline.self))
        case "gap": self = .gap
        default: self = .other
        }
    }

    private struct Kind: Decodable { var type: String }
    private struct Hello: Decodable { var version: String? }
    private struct ActiveCalls: Decodable {
        var status: LiveStatus
        var calls: [LiveCall]
    }
    private struct Status: Decodable { var status: LiveStatus }
    private struct Levels: Decodable { var calls: [LiveLevels] }
    private struct CallUpdate: Decodable { var call: LiveCall }
    private struct Event: Decodable { var event: LiveSignal }
}

/// The status of the server.
struct LiveStatus: Sendable, Hashable, Decodable {
    struct Streams: Sendable, Hashable, Decodable {
        var open: Int
        var limit: Int
    }
    var state: String?
    var streams: Streams?
    var cpu_percent: Double?
    var event_loop_lag_ms: Double?
    var worst_queue_age_ms: Double?
}

/// What changes ten times per second: `[id, duration_s, speaking, level_in, speech_in, level_out, speech_out, silence_s, alerts]`,
/// speech as 0 or 1.
struct LiveLevels: Sendable, Hashable, Decodable {
    var id: String
    var seconds: Double
    var speaking: String
    var inbound: Double?
    var inboundSpeech: Bool
    var outbound: Double?
    var outboundSpeech: Bool
    var silence: Double

    init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        id = try values.decode(String.self)
        seconds = try values.decode(Double.self)
        speaking = try values.decode(String.self)
        inbound = try values.decodeIfPresent(Double.self)
        inboundSpeech = try values.decode(Int.self) == 1
        outbound = try values.decodeIfPresent(Double.self)
        outboundSpeech = try values.decode(Int.self) == 1
        silence = try values.decode(Double.self)
    }
}

/// A signal: the members of the CloudEvent that are shown.
struct LiveSignal: Sendable, Hashable, Decodable {
    struct Values: Sendable, Hashable, Decodable {
        var track: String?
        var start: Double?
        var end: Double?
        var severity: String?
    }
    var type: String
    var subject: String?
    var data: Values?

    /// The name for display: `dead_air started` for `sidetone.dead_air.started.v1`.
    var name: String {
        var parts = type.split(separator: ".")
        if parts.first == "sidetone" { parts.removeFirst() }
        if parts.last?.first == "v" { parts.removeLast() }
        guard let phase = parts.last, phase == "started" || phase == "ended" else {
            return parts.joined(separator: ".")
        }
        return parts.dropLast().joined(separator: ".") + " " + phase
    }
}

/// New values of one track, ten per second.
struct LiveTimeline: Sendable, Hashable, Decodable {
    var id: String
    var track: String
    var from: Double
    var step_ms: Double
    var level_dbfs: [Double?]
    var speech: [Int]
}
