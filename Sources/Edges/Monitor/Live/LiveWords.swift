import Foundation
import SidetoneModel
import SidetonePipeline

/// The messages of one turn of the live socket, without their numbers; what several clients are told is made once.
struct LiveWords {
    private let turn: Int64
    private let time: String
    private let rateHz: Int
    private var levels: [Int64: [UInt8]?] = [:]
    private var calls: [String: [UInt8]] = [:]
    private var status: [UInt8]?
    private var changes: [ObjectIdentifier: [UInt8]] = [:]

    init(turn: Int64, time: String, rateHz: Int) {
        self.turn = turn
        self.rateHz = rateHz
        self.time = time
    }

    /// An object without its first brace.
    private func body(_ type: String, _ write: (inout JSONText) -> Void) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.member("type", type)
        write(&json)
        json.endObject()
        return Array(json.bytes.dropFirst())
    }

    func hello() -> [UInt8] {
        body("hello") { json in
            json.member("version", MonitorSink.version)
            json.member("now", time)
            json.member("rate_hz", Int64(rateHz))
        }
    }

    func fleet(status: [UInt8], calls: [[UInt8]]) -> [UInt8] {
        body("fleet") { json in
            json.member("at", time)
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
        let words = body("status") { text in
            text.member("at", time)
            text.key("status")
            text.value(json: json())
        }
        status = words
        return words
    }

    /// The levels of the calls that changed; nil when none did.
    mutating func levels(of calls: some Collection<CallState>, since told: Int64) -> [UInt8]? {
        if let made = levels[told] { return made }
        let changed = calls.filter { $0.changed > told }
        let words: [UInt8]? =
            changed.isEmpty
            ? nil
            : body("levels") { json in
                json.member("t", time)
                json.key("calls")
                json.beginArray()
                for call in changed { call.writeLevels(to: &json) }
                json.endArray()
            }
        levels[told] = .some(words)
        return words
    }

    mutating func change(_ change: CallBoard.Change, _ board: isolated CallBoard) -> [UInt8] {
        let id = ObjectIdentifier(change.call)
        if change.kind == .changed, let made = changes[id] { return made }
        let words = body(change.kind.rawValue) { json in
            json.key("call")
            json.value(json: board.json(of: change.call, withFiles: change.kind == .ended))
        }
        if change.kind == .changed { changes[id] = words }
        return words
    }

    mutating func call(_ call: CallState, _ board: isolated CallBoard) -> [UInt8] {
        if let made = calls[call.id] { return made }
        let words = body("call") { json in
            json.member("id", call.id)
            json.key("call")
            json.value(json: board.json(of: call, withFiles: !call.isActive))
        }
        calls[call.id] = words
        return words
    }

    func signal(_ event: NumberedEvent) -> [UInt8] {
        body("signal") { json in
            json.member("number", event.number)
            json.key("event")
            json.value(json: event.json)
        }
    }

    func log(_ entry: CallLogEntry, _ call: String, showsNumbers: Bool) -> [UInt8] {
        body("log") { json in
            json.member("id", call)
            json.key("entry")
            entry.write(to: &json, showsNumbers: showsNumbers)
        }
    }

    func timeline(
        _ course: TrackCourse, _ range: Range<Int>, _ role: TrackRole, _ withWave: Bool, _ call: String
    ) -> [UInt8] {
        body("timeline") { json in
            json.member("id", call)
            json.member("track", role.rawValue)
            json.member("from", Double(range.lowerBound * TrackOverview.stepMs) / 1_000)
            json.member("step_ms", Int64(TrackOverview.stepMs))
            course.write(range, withWave: withWave, to: &json)
        }
    }

    func spectrum(_ block: SpectrumBlock, _ call: String) -> [UInt8] {
        body("spectrum") { json in
            json.member("id", call)
            json.member("track", block.track.rawValue)
            json.member("from", Double(block.first * Int64(SpectrumMeter.stepMs)) / 1_000)
            json.member("step_ms", Int64(SpectrumMeter.stepMs))
            json.member("bands", Int64(SpectrumMeter.bands))
            json.member("low_hz", Int64(0))
            json.member("high_hz", Int64(block.highHz))
            json.member("data", Data(block.bytes).base64EncodedString())
        }
    }

    func rows(_ block: RowBlock, _ call: String) -> [UInt8] {
        body("rows") { json in
            json.member("id", call)
            json.member("track", block.track.rawValue)
            json.member("first_row", block.firstRow)
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
    func write(to json: inout JSONText, showsNumbers: Bool) {
        json.beginObject()
        json.member("time", WallTime.milliseconds(time))
        json.member("log", log.rawValue)
        json.member("event", event)
        json.key("values")
        json.beginObject()
        for value in values {
            if !showsNumbers, case .text(let text) = value.value, Self.numbers.contains(value.name.lowercased()),
                !text.contains("•")
            {
                json.member(value.name, MaskedNumber.text(text))
            } else {
                json.member(value)
            }
        }
        json.endObject()
        json.endObject()
    }
}
