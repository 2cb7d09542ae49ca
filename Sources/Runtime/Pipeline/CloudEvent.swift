package import SidetoneJSON
package import SidetoneModel

/// A signal as a CloudEvents 1.0 event in JSON.
///
///     {"specversion":"1.0","id":"MZ1-4","source":"/sidetone/twilio","type":"sidetone.speech.ended.v1","subject":"CA1",
///      "time":"2026-03-01T12:00:01.250000Z","datacontenttype":"application/json",
///      "data":{"track":"inbound","start":0.5,"end":1.25}}
package struct CloudEvent: Sendable {
    package let stream: StreamInfo
    package let signal: Signal
    /// The number of the signal in its stream, from 1: combined with the stream's ID it forms the event's ID.
    package let number: Int64

    package init(_ signal: Signal, of stream: StreamInfo, number: Int64) {
        self.signal = signal
        self.stream = stream
        self.number = number
    }

    /// Unique among the events of a source.
    package var id: String {
        stream.segment > 1
            ? "\(stream.start.streamID)-\(stream.segment)-\(number)" : "\(stream.start.streamID)-\(number)"
    }
    package var source: String { "/sidetone/\(stream.dialect)" }
    /// The time of the event, seconds since 1970: an interval's start when it opens, its end when it closes.
    package var time: Double {
        stream.startedAt + (signal.phase == .ended ? signal.end ?? signal.start : signal.start)
    }

    /// Writes the event as one object.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("specversion", text: "1.0")
        json.member("id", text: id)
        json.member("source", text: source)
        json.member("type", text: signal.type)
        json.member("subject", text: stream.start.callID)
        json.member("time", text: UTCTime(unixSeconds: time).microseconds)
        json.member("datacontenttype", text: "application/json")
        json.key("data")
        json.beginObject()
        if let track = signal.track { json.member("track", text: track.rawValue) }
        json.member("start", number: signal.start)
        if let end = signal.end { json.member("end", number: end) }
        for entry in signal.values { json.member(entry) }
        json.endObject()
        json.endObject()
    }
}

extension JSONWriter {
    /// A signal's value under its name.
    package mutating func member(_ entry: Signal.Entry) {
        switch entry.value {
        case .text(let text): member(entry.name, text: text)
        case .number(let number): member(entry.name, number: number)
        case .integer(let integer): member(entry.name, integer: integer)
        case .flag(let flag): member(entry.name, flag: flag)
        }
    }
}
