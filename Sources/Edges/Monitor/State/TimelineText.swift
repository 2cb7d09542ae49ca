import SidetoneJSON
import SidetoneModel
import SidetonePipeline

/// The timeline of a call as JSON, from memory or from the history.
enum TimelineText {
    /// - Parameters:
    ///   - from: seconds on the call clock, as requested; likewise `to`.
    ///   - signals: CloudEvents in JSON.
    static func json(
        call: String, courses: [TrackTimeSeries?], from: Double, to: Double, signals: [[UInt8]]
    ) -> [UInt8] {
        let stepsASecond = 1_000 / Double(TrackOverview.stepMs)
        let first = max(Int(min(from, 1e7) * stepsASecond), courses.compactMap { $0?.first }.max() ?? 0)
        let end = min(Int((min(to, 1e7) * stepsASecond).rounded(.up)), courses.compactMap { $0?.end }.max() ?? 0)
        var json = JSONWriter()
        json.beginObject()
        json.member("call", text: call)
        json.member("step_ms", integer: Int64(TrackOverview.stepMs))
        json.member("from", number: Double(first) / stepsASecond)
        json.member("to", number: Double(max(first, end)) / stepsASecond)
        json.key("tracks")
        json.beginObject()
        for role in TrackRole.allCases {
            guard let course = courses[role.index] else { continue }
            json.key(role.rawValue)
            json.beginObject()
            course.write(first..<max(first, end), to: &json)
            json.endObject()
        }
        json.endObject()
        json.key("signals")
        json.beginArray()
        for signal in signals { json.value(json: signal) }
        json.endArray()
        json.key("gaps")
        json.beginArray()
        for signal in signals where signal.firstRange(of: Self.gap) != nil { json.value(json: data(of: signal)) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static let gap = Array("\"type\":\"sidetone.media.gap.v1\"".utf8)
    private static let dataKey = Array("\"data\":".utf8)

    /// The `data` member of an event, which is its last member.
    private static func data(of event: [UInt8]) -> [UInt8] {
        guard let key = event.firstRange(of: dataKey), event.last == UInt8(ascii: "}") else {
            return Array("null".utf8)
        }
        return Array(event[key.upperBound...].dropLast())
    }
}
