import SidetoneJSON

/// What a MiniVoice `answer_url` answers: the actions of a call, run in their order.
public struct ActionDocument: Sendable, Hashable {
    public var steps: [ActionStep]

    public init(_ steps: [ActionStep]) { self.steps = steps }

    public var instructions: [CallInstruction] { steps.map(\.action.instruction) }

    /// Reads a document and checks every rule of every action.
    ///
    /// - Throws: everything that is wrong with it.
    public static func read(
        _ bytes: [UInt8], limits: DocumentLimits = .standard
    ) throws(Findings) -> ActionDocument {
        var findings = Findings()
        let value = JSONReader.read(bytes, limits: limits, into: &findings)
        let document = value.flatMap { read($0, limits: limits, into: &findings) }
        guard let document, findings.isEmpty else { throw findings }
        return document
    }

    /// As `read` of the bytes, for a document that is JSON already.
    static func read(_ value: JSONValue, limits: DocumentLimits, into findings: inout Findings) -> ActionDocument? {
        guard case .object(let object) = value else {
            findings.add(
                Finding(
                    .wrongType, JSONPath(), "is \(value.kind)", allowed: "an object with \"actions\"",
                    "write {\"actions\": […]}"))
            return nil
        }
        var fields = FieldReader(object, .document)
        let items = fields.list("actions", need: .required)
        findings.add(fields.finish())
        guard let items else { return nil }
        let path = JSONPath().member("actions")
        guard items.count <= limits.steps else {
            findings.add(
                Finding(
                    .tooLarge, path, "has \(items.count) actions", allowed: "at most \(limits.steps)",
                    "load the rest with `redirect`"))
            return nil
        }
        var steps: [ActionStep] = []
        for (index, item) in items.enumerated() where findings.omitted == 0 {
            if let step = ActionStep.read(item, at: path.item(index), into: &findings) { steps.append(step) }
        }
        return ActionDocument(steps)
    }

    /// As JSON, each step in the form it had.
    public func write() -> [UInt8] {
        JSONWriter.bytes(of: .object(JSONObject([JSONMember("actions", .list(steps.map(\.json)))])))
    }
}
