import Foundation
import SidetoneJSON
import SidetoneModel
import SidetonePipeline

/// Encodes the messages of one tick of the live socket, without sequence numbers; a message for several clients is encoded once.
struct LiveMessageEncoder {
    private let tick: Int64
    private let time: String
    private let rateHz: Int
    private var levels: [Int64: [UInt8]?] = [:]
    private var calls: [String: [UInt8]] = [:]
    private var status: [UInt8]?
    private var changes: [ObjectIdentifier: [UInt8]] = [:]

    init(tick: Int64, time: String, rateHz: Int) {
        self.tick = tick
        self.rateHz = rateHz
        self.time = time
    }

    /// An object without its first brace.
    private func body(_ type: String, write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("type", text: type)
        write(&json)
        json.endObject()
        return Array(json.bytes.dropFirst())
    }

    func hello() -> [UInt8] {
        body("hello") { json in
            json.member("version", text: MonitorSink.version)
            json.member("now", text: time)
            json.member("rate_hz", integer: Int64(rateHz))
        }
    }

    func activeCalls(status: [UInt8], calls: [[UInt8]]) -> [UInt8] {
        body("active_calls") { json in
            json.member("at", text: time)
            json.key("status")
            json.value(json: status)
            json.key("calls")
            json.beginArray()
            for call in calls { json.value(json: call) }
            json.endArray()
        }
    }

    mutating func status(_ json: () -> [UInt8]) -> [UInt8] {
        if let made = status { return made }
        let message = body("status") { text in
            text.member("at", text: time)
            text.key("status")
            text.value(json: json())
        }
        status = message
        return message
    }

    /// The levels of the calls that changed; nil if none did.
    mutating func levels(of calls: some Collection<CallState>, since tick: Int64) -> [UInt8]? {
        if let made = levels[tick] { return made }
        let changed = calls.filter { $0.changed > tick }
        let message: [UInt8]? =
            changed.isEmpty
            ? nil
            : body("levels") { json in
                json.member("t", text: time)
                json.key("calls")
                json.beginArray()
                for call in changed { call.writeLevels(to: &json) }
                json.endArray()
            }
        levels[tick] = .some(message)
        return message
    }

    mutating func change(_ change: CallStateStore.Change, callStates: isolated CallStateStore) -> [UInt8] {
        let id = ObjectIdentifier(change.call)
        if change.kind == .changed, let made = changes[id] { return made }
        let message = body(change.kind.rawValue) { json in
            json.key("call")
            json.value(json: callStates.json(of: change.call, withFiles: change.kind == .ended))
        }
        if change.kind == .changed { changes[id] = message }
        return message
    }

    mutating func call(_ call: CallState, callStates: isolated CallStateStore) -> [UInt8] {
        if let made = calls[call.id] { return made }
        let message = body("call") { json in
            json.member("id", text: call.id)
            json.key("call")
            json.value(json: callStates.json(of: call, withFiles: !call.isActive))
        }
        calls[call.id] = message
        return message
    }

    func signal(_ event: NumberedEvent) -> [UInt8] {
        body("signal") { json in
            json.member("number", integer: event.number)
            json.key("event")
            json.value(json: event.json)
        }
    }

    func log(_ entry: CallLogEntry, call: String, showsNumbers: Bool) -> [UInt8] {
        body("log") { json in
            json.member("id", text: call)
            json.key("entry")
            entry.write(to: &json, showsNumbers: showsNumbers)
        }
    }

    func timeline(
        _ course: TrackTimeSeries, range: Range<Int>, role: TrackRole, withWave: Bool, call: String
    ) -> [UInt8] {
        body("timeline") { json in
            json.member("id", text: call)
            json.member("track", text: role.rawValue)
            json.member("from", number: Double(range.lowerBound * TrackOverview.stepMs) / 1_000)
            json.member("step_ms", integer: Int64(TrackOverview.stepMs))
            course.write(range, withWave: withWave, to: &json)
        }
    }

    func spectrum(_ block: SpectrumBlock, call: String) -> [UInt8] {
        body("spectrum") { json in
            json.member("id", text: call)
            json.member("track", text: block.track.rawValue)
            json.member("from", number: Double(block.first * Int64(SpectrumMeter.stepMs)) / 1_000)
            json.member("step_ms", integer: Int64(SpectrumMeter.stepMs))
            json.member("bands", integer: Int64(SpectrumMeter.bands))
            json.member("low_hz", integer: Int64(0))
            json.member("high_hz", integer: Int64(block.highHz))
            json.member("data", text: Data(block.bytes).base64EncodedString())
        }
    }

    func rows(_ block: RowBlock, call: String) -> [UInt8] {
        body("rows") { json in
            json.member("id", text: call)
            json.member("track", text: block.track.rawValue)
            json.member("first_row", integer: block.firstRow)
            json.key("columns")
            json.beginArray()
            for column in block.columns { json.value(column.name) }
            json.endArray()
            json.key("rows")
            json.beginArray()
            let width = block.columns.count
            for row in 0..<block.count {
                json.beginArray()
                for (column, value) in zip(block.columns, block.values[(row * width)..<((row + 1) * width)]) {
                    json.value(Double(value), decimals: column.decimals)
                }
                json.endArray()
            }
            json.endArray()
        }
    }
}

extension CallLogEntry {
    /// The values that are telephone numbers.
    private static let numbers: Set<String> = [
        "from", "to", "caller", "called", "forwarded_from", "from_number", "to_number",
    ]

    /// Writes the entry as one object.
    ///
    /// - Parameter showsNumbers: whether telephone numbers are written as they came.
    func write(to json: inout JSONWriter, showsNumbers: Bool) {
        json.beginObject()
        json.member("time", text: UTCTime(unixSeconds: time).milliseconds)
        json.member("log", text: log.rawValue)
        json.member("event", text: event)
        json.key("values")
        json.beginObject()
        for value in values {
            if !showsNumbers, case .text(let text) = value.value, Self.numbers.contains(value.name.lowercased()),
                !text.contains("•")
            {
                json.member(value.name, text: MaskedNumber.text(text))
            } else {
                json.member(value)
            }
        }
        json.endObject()
        json.endObject()
    }
}
