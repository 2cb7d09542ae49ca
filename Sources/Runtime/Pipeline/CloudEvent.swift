public import SidetoneModel

/// A signal on its way out of Sidetone, as CloudEvents 1.0 in JSON.
///
///     {"specversion":"1.0","id":"MZ1-4","source":"/sidetone/twilio","type":"sidetone.speech.ended.v1","subject":"CA1",
///      "time":"2026-03-01T12:00:01.250000Z","datacontenttype":"application/json",
///      "data":{"track":"inbound","start":0.5,"end":1.25}}
public struct CloudEvent: Sendable {
    public let stream: StreamInfo
    public let signal: Signal
    /// Counts the signals of the stream, from 1: with the stream's id it makes the event's.
    public let number: Int64

    public init(_ signal: Signal, of stream: StreamInfo, number: Int64) {
        self.signal = signal
        self.stream = stream
        self.number = number
    }

    /// Unique among the events of one source.
    public var id: String {
        stream.segment > 1
            ? "\(stream.start.streamID)-\(stream.segment)-\(number)" : "\(stream.start.streamID)-\(number)"
    }
    public var source: String { "/sidetone/\(stream.dialect)" }
    /// When it happened, seconds since 1970: an interval's start when it opens, its end when it closes.
    public var time: Double {
        stream.startedAt + (signal.phase == .ended ? signal.end ?? signal.start : signal.start)
    }

    /// Writes the event as one object.
    public func write(to json: inout JSONText) {
        json.beginObject()
        json.member("specversion", "1.0")
        json.member("id", id)
        json.member("source", source)
        json.member("type", signal.type)
        json.member("subject", stream.start.callID)
        json.member("time", WallTime.text(time))
        json.member("datacontenttype", "application/json")
        json.key("data")
        json.beginObject()
        if let track = signal.track { json.member("track", track.rawValue) }
        json.member("start", signal.start)
        if let end = signal.end { json.member("end", end) }
        for entry in signal.values { json.member(entry) }
        json.endObject()
        json.endObject()
    }
}

extension JSONText {
    /// A signal's value under its name.
    public mutating func member(_ entry: Signal.Entry) {
        switch entry.value {
        case .text(let text): member(entry.name, text)
        case .number(let number): member(entry.name, number)
        case .integer(let integer): member(entry.name, integer)
        case .flag(let flag): member(entry.name, flag)
        }
    }
}
