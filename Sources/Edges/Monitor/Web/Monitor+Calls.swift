import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SidetoneHTTP
import SidetoneJSON
import SidetoneModel
import SidetonePipeline

extension Monitor {
    func addCalls(to router: Router<Context>) {
        router.get("/v1/calls") { request, _ in try await calls(FormFields(request.uri.query ?? "")) }
        router.get("/v1/calls/:id") { _, context in
            let id = try Self.id(context)
            if let json = await callStates.json(ofCall: id) { return Response(json: json) }
            guard let record = try await history?.call(id) else { throw Self.unknownCall }
            return Response(json: json(of: record))
        }
        router.get("/v1/calls/:id/timeline") { request, context in
            let query = FormFields(request.uri.query ?? "")
            let from = try Self.seconds(query, name: "from") ?? 0
            let to = try Self.seconds(query, name: "to") ?? .infinity
            return Response(json: try await timeline(Self.id(context), from: from, to: to))
        }
        router.get("/v1/calls/:id/log") { _, context in Response(json: try await log(Self.id(context))) }
        router.get("/v1/calls/:id/files/:name") { request, context in
            try await download(Self.id(context), name: Self.parameter(context, name: "name"), request: request)
        }
        router.get("/v1/recordings") { _, _ in Response(json: try await recordings()) }
    }

    static let unknownCall = APIError.notFound("no such call; without a store sink only the latest calls are kept")

    private static func id(_ context: Context) throws -> String { try parameter(context, name: "id") }

    private static func parameter(_ context: Context, name: String) throws -> String {
        guard let text = context.parameters.get(name)?.removingPercentEncoding, (1...256).contains(text.count) else {
            throw APIError.badRequest("\(name) in the path is invalid")
        }
        return text
    }

    private static func seconds(_ query: FormFields, name: String) throws -> Double? {
        guard let text = query[name] else { return nil }
        guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else {
            throw APIError.badRequest("\(name) must be a number of seconds, 0 or more")
        }
        return min(seconds, 1e9)
    }

    // MARK: Lists

    private func calls(_ query: FormFields) async throws -> Response {
        guard let state = CallQuery.State(rawValue: query["state"] ?? "all") else {
            throw APIError.badRequest("state must be active, ended or all")
        }
        guard let limit = Int(query["limit"] ?? "100"), (1...1_000).contains(limit) else {
            throw APIError.badRequest("limit must be 1…1000")
        }
        let mark = try query["cursor"].map { text in
            guard let mark = PageMark(text) else {
                throw APIError.badRequest("the cursor is invalid; use \"next\" of the previous page")
            }
            return mark
        }
        var found = await callStates.list(state, before: mark, limit: limit + 1)
        if state != .active, let history {
            let ended = CallQuery(
                state: .ended, before: mark.map(\.startedAt), beforeID: mark.map(\.id), limit: limit + 1)
            let known = Set(found.map(\.id))
            for record in try await history.calls(ended) where !known.contains(record.id) {
                found.append(ListedCall(id: record.id, startedAt: record.startedAt, json: json(of: record)))
            }
            found.sort { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }
        }
        var json = JSONWriter()
        json.beginObject()
        json.key("calls")
        json.beginArray()
        for call in found.prefix(limit) { json.value(json: call.json) }
        json.endArray()
        let hasMore = found.count > limit
        json.member(
            "next",
            text: hasMore ? found.prefix(limit).last.map { PageMark(startedAt: $0.startedAt, id: $0.id).text } : nil)
        json.endObject()
        return Response(json: json.bytes)
    }

    /// The recordings in the history, or else of the calls in memory.
    private func recordings() async throws -> [UInt8] {
        var found: [Recording] = []
        if let history {
            for recording in try await history.recordings(of: nil, before: nil, limit: 1_000) {
                found.append(
                    Recording(
                        call: recording.call, startedAt: recording.startedAt, file: recording.file.name,
                        seconds: recording.file.seconds))
            }
        } else {
            for call in await callStates.recordedCalls() {
                for file in call.files where file.hasSuffix(".wav") {
                    found.append(Recording(call: call.id, startedAt: call.startedAt, file: file, seconds: nil))
                }
            }
        }
        var json = JSONWriter()
        json.beginObject()
        json.key("recordings")
        json.beginArray()
        for recording in found {
            json.beginObject()
            json.member("call", text: recording.call)
            json.member("started_at", text: UTCTime(unixSeconds: recording.startedAt).milliseconds)
            json.member("file", text: recording.file)
            json.member("duration_s", number: recording.seconds.map { rounded($0, parts: 100) })
            json.member("url", text: "/v1/calls/\(FormFields.encode(recording.call))/files/\(recording.file)")
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    // MARK: One call

    private func timeline(_ id: String, from: Double, to: Double) async throws -> [UInt8] {
        if let json = await callStates.timeline(of: id, from: from, to: to) { return json }
        guard let history, try await history.call(id) != nil else { throw Self.unknownCall }
        var courses: [TrackTimeSeries?] = [nil, nil]
        for overview in try await history.overview(of: id, from: from, to: min(to, 1e6)) {
            var course = courses[overview.role.index] ?? TrackTimeSeries(from: Int(overview.first))
            course.append(overview)
            courses[overview.role.index] = course
        }
        let signals = try await history.events(of: id).map { Array($0.utf8) }
        return TimelineText.json(call: id, courses: courses, from: from, to: to, signals: signals)
    }

    private func log(_ id: String) async throws -> [UInt8] {
        let entries: [CallLogEntry]
        if let known = await callStates.log(of: id) {
            entries = known
        } else if let history, try await history.call(id) != nil {
            entries = try await history.log(of: id)
        } else {
            throw Self.unknownCall
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("call", text: id)
        json.key("entries")
        json.beginArray()
        for entry in entries { entry.write(to: &json, showsNumbers: settings.showNumbers) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

/// A recording of a list.
private struct Recording {
    let call: String
    let startedAt: Double
    let file: String
    let seconds: Double?
}

extension PageMark {
    /// As a cursor: `1772366400.25~CA1` in hexadecimal digits, so that nothing in it needs escaping.
    var text: String {
        "\(startedAt)~\(id)".utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    init?(_ text: String) {
        let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count == text.utf8.count, digits.count % 2 == 0, digits.count <= 2_200 else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "~", maxSplits: 1)
        guard parts.count == 2, let startedAt = Double(parts[0]), startedAt.isFinite else { return nil }
        self.init(startedAt: startedAt, id: String(parts[1]))
    }
}
