public import SidetoneJSON

/// SignalWire's `calling.call.stream`: a stream started or ended. A failed start has no state; it is reported in the
/// variable `stream_result`.
public struct StreamStatus: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable { case streaming, finished }

    public static let eventType = "calling.call.stream"

    /// Such as `swml:` and a UUID.
    public var eventChannel: String?
    /// Unix seconds with a fraction.
    public var timestamp: JSONNumber?
    public var projectID: String?
    public var spaceID: String?
    public var callID: String
    /// Required by the schema, but missing in a documented example.
    public var nodeID: String?
    public var segmentID: String?
    public var controlID: String
    public var state: State
    public var url: String
    public var name: String?
    public var tag: String?

    public init(callID: String, controlID: String, state: State, url: String) {
        self.callID = callID
        self.controlID = controlID
        self.state = state
        self.url = url
    }

    /// - Throws: every problem of the event.
    public static func read(_ bytes: [UInt8]) throws(Diagnostics) -> StreamStatus {
        try read(try FieldReader.message(bytes))
    }

    private static func read(_ reader: FieldReader) throws(Diagnostics) -> StreamStatus {
        var fields = reader
        let rule = TextRule("\"\(eventType)\"") { text in
            text == eventType
                ? nil : TextRule.Violation("is \(Quoted.name(text))", "send it to a receiver of that event")
        }
        _ = fields.text("event_type", need: .required, rule: rule)
        let channel = fields.text("event_channel")
        let timestamp = fields.number("timestamp")
        let projectID = fields.text("project_id")
        let spaceID = fields.text("space_id")
        let object = fields.object("params", need: .required)
        var findings = fields.finish()
        guard let object else { throw findings }
        var params = FieldReader(object, at: JSONPath().member("params"), .message)
        let callID = params.text("call_id", need: .required, rule: .notEmpty)
        let controlID = params.text("control_id", need: .required, rule: .notEmpty)
        let state = params.word("state", need: .required, of: State.self)
        let url = params.text("url", need: .required)
        let nodeID = params.text("node_id")
        let segmentID = params.text("segment_id")
        let name = params.text("name")
        let tag = params.text("tag")
        findings.add(params.finish())
        guard let callID, let controlID, let state, let url, findings.isEmpty else { throw findings }
        var status = StreamStatus(callID: callID, controlID: controlID, state: state, url: url)
        (status.eventChannel, status.timestamp, status.projectID, status.spaceID) = (
            channel, timestamp, projectID, spaceID
        )
        (status.nodeID, status.segmentID, status.name, status.tag) = (nodeID, segmentID, name, tag)
        return status
    }

    public func write() -> [UInt8] { JSONWriter.bytes(of: .object(json)) }

    private var json: JSONObject {
        let params = members([
            "call_id": .text(callID), "node_id": nodeID.map { .text($0) }, "segment_id": segmentID.map { .text($0) },
            "control_id": .text(controlID), "state": .text(state.rawValue), "url": .text(url),
            "name": name.map { .text($0) }, "tag": tag.map { .text($0) },
        ])
        return JSONObject(
            members([
                "event_type": .text(Self.eventType), "event_channel": eventChannel.map { .text($0) },
                "timestamp": timestamp.map { .number($0) }, "project_id": projectID.map { .text($0) },
                "space_id": spaceID.map { .text($0) }, "params": .object(JSONObject(params)),
            ]))
    }

    /// The same event as a query, for `status_url_method: GET`. **Assumed**: the encoding of the nested object is not
    /// documented; here `params` becomes `params[call_id]=…`.
    public var assumedQuery: Form {
        var form = Form()
        for member in json.members {
            if case .object(let params) = member.value {
                form.fields += params.members.map { Form.Field("\(member.name)[\($0.name)]", Self.plain($0.value)) }
            } else {
                form.fields.append(Form.Field(member.name, Self.plain(member.value)))
            }
        }
        return form
    }

    /// Reads the format of `assumedQuery`.
    public init(assumedQuery form: Form) throws(Diagnostics) {
        var outer = Form()
        var params = Form()
        for field in form.fields {
            if field.name.hasPrefix("params["), field.name.hasSuffix("]") {
                params.fields.append(Form.Field(String(field.name.dropFirst(7).dropLast()), field.value))
            } else if field.name != "params" {
                outer.fields.append(field)
            }
        }
        var object = outer.object
        object.members.append(JSONMember("params", .object(params.object)))
        if let text = form["timestamp"] {
            var findings = Diagnostics()
            object["timestamp"] = JSONReader.read(Array(text.utf8), into: &findings)
        }
        self = try Self.read(FieldReader(object, .message))
    }

    private static func plain(_ value: JSONValue) -> String {
        if case .text(let text) = value { return text }
        return JSONWriter.text(of: value)
    }
}
