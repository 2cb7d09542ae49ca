public import SidetoneJSON

/// A SWML document in JSON: sections of steps; `main` is executed. `stream` and `stop_stream` are parsed and validated.
/// Of other methods, which are preserved as written, the names and nested steps are validated, but not the parameters.
public struct SWMLDocument: Sendable, Hashable {
    public struct Section: Sendable, Hashable {
        public var name: String
        public var steps: [SWMLStep]

        public init(_ name: String, _ steps: [SWMLStep]) {
            self.name = name
            self.steps = steps
        }
    }

    /// `1.0.0`, or nil if the document has none.
    public var version: String?
    /// In the order of the document.
    public var sections: [Section]

    public init(version: String? = "1.0.0", _ sections: [Section]) {
        self.version = version
        self.sections = sections
    }

    /// The steps of `main`.
    public var instructions: [CallInstruction] {
        sections.first { $0.name == "main" }?.steps.map(\.instruction) ?? []
    }

    /// Reads a document and checks its streams.
    /// - Throws: every problem of the document.
    public static func read(_ bytes: [UInt8], limits: DocumentLimits = .standard) throws(Diagnostics) -> SWMLDocument {
        var diagnostics = Diagnostics()
        let value = JSONReader.read(bytes, limits: limits, into: &diagnostics)
        let document = value.flatMap { read($0, limits: limits, into: &diagnostics) }
        guard let document, diagnostics.isEmpty else { throw diagnostics }
        return document
    }

    /// Like `read` of bytes, for parsed JSON.
    static func read(_ value: JSONValue, limits: DocumentLimits, into diagnostics: inout Diagnostics) -> SWMLDocument? {
        guard case .object(let object) = value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: JSONPath(), wrong: "is \(value.kind)", allowed: "an object with \"sections\"",
                    remedy: "write {\"sections\": {\"main\": […]}}"))
            return nil
        }
        var fields = FieldReader(object, .document)
        let version = fields.text("version", need: .optional, rule: versionRule)
        let sections = fields.object("sections", need: .required)
        diagnostics.add(fields.finish())
        guard let sections else { return nil }
        let path = JSONPath().member("sections")
        if sections["main"] == nil {
            diagnostics.add(
                Diagnostic(
                    .missing, at: path.member("main"), wrong: "is missing", allowed: "a list of steps",
                    remedy: "name one section \"main\""
                ))
        }
        let read = sections.members.compactMap {
            section($0, at: path.member($0.name), limits: limits, into: &diagnostics)
        }
        return SWMLDocument(version: version, read)
    }

    private static func section(
        _ member: JSONMember, at path: JSONPath, limits: DocumentLimits, into diagnostics: inout Diagnostics
    ) -> Section? {
        guard case .list(let items) = member.value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: path, wrong: "is \(member.value.kind)", allowed: "a list of steps",
                    remedy: "write [] if it is empty"))
            return nil
        }
        guard items.count <= limits.steps else {
            diagnostics.add(
                Diagnostic(
                    .tooLarge, at: path, wrong: "has \(items.count) steps", allowed: "at most \(limits.steps)",
                    remedy: "move some into another section"))
            return nil
        }
        var steps: [SWMLStep] = []
        // A control ID must be unique among active streams; the steps are assumed to run in order.
        var active = ActiveStreams()
        for (index, item) in items.enumerated() where diagnostics.omitted == 0 {
            guard let step = SWMLStep.read(item, at: path.item(index), into: &diagnostics) else { continue }
            steps.append(step)
            switch step.instruction {
            case .startStream(let request) where !active.accept(request):
                diagnostics.add(
                    Diagnostic(
                        .notAllowed, at: path.item(index).member("stream").member("control_id"),
                        wrong: "is that of an active stream",
                        allowed: "a unique ID for each active stream",
                        remedy: "choose another one, or `stop_stream` the first one before"))
            case .stopStream(let match): _ = active.stop(match)
            default: break
            }
        }
        return Section(member.name, steps)
    }

    private static let versionRule = TextRule("\"1.0.0\"") { text in
        text == "1.0.0" ? nil : TextRule.Violation("is \(Quoted.name(text))", "write \"1.0.0\"")
    }

    /// As JSON, sections and steps in their order.
    public func write() -> [UInt8] {
        let sections = sections.map { JSONMember($0.name, .list($0.steps.map(\.json))) }
        let whole = members(["version": version.map { .text($0) }, "sections": .object(JSONObject(sections))])
        return JSONWriter.bytes(of: .object(JSONObject(whole)))
    }
}

extension ActiveStreams {
    /// Adds a stream if its control ID is known before the call.
    /// - Returns: false when the control ID is in use.
    fileprivate mutating func accept(_ request: StreamRequest) -> Bool {
        var request = request
        if let id = request.controlID, SWMLPlaceholders.are(in: id) { request.controlID = nil }
        return start(request) != nil
    }
}
