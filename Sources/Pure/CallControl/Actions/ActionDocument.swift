public import SidetoneJSON

/// The response of a MiniVoice `answer_url`: the actions of a call, run in order.
public struct ActionDocument: Sendable, Hashable {
    public var steps: [ActionStep]

    public init(_ steps: [ActionStep]) { self.steps = steps }

    public var instructions: [CallInstruction] { steps.map(\.action.instruction) }

    /// Reads a document and checks every rule of every action.
    /// - Throws: every problem of the document.
    public static func read(
        _ bytes: [UInt8], limits: DocumentLimits = .standard
    ) throws(Diagnostics) -> ActionDocument {
        var diagnostics = Diagnostics()
        let value = JSONReader.read(bytes, limits: limits, into: &diagnostics)
        let document = value.flatMap { read($0, limits: limits, into: &diagnostics) }
        guard let document, diagnostics.isEmpty else { throw diagnostics }
        return document
    }

    /// Like `read` of bytes, for parsed JSON.
    static func read(_ value: JSONValue, limits: DocumentLimits, into diagnostics: inout Diagnostics) -> ActionDocument?
    {
        guard case .object(let object) = value else {
            diagnostics.add(
                Diagnostic(
                    .wrongType, at: JSONPath(), wrong: "is \(value.kind)", allowed: "an object with \"actions\"",
                    remedy: "write {\"actions\": […]}"))
            return nil
        }
        var fields = FieldReader(object, .document)
        let items = fields.list("actions", need: .required)
        diagnostics.add(fields.finish())
        guard let items else { return nil }
        let path = JSONPath().member("actions")
        guard items.count <= limits.steps else {
            diagnostics.add(
                Diagnostic(
                    .tooLarge, at: path, wrong: "has \(items.count) actions", allowed: "at most \(limits.steps)",
                    remedy: "load the rest with `redirect`"))
            return nil
        }
        var steps: [ActionStep] = []
        for (index, item) in items.enumerated() where diagnostics.omitted == 0 {
            if let step = ActionStep.read(item, at: path.item(index), into: &diagnostics) { steps.append(step) }
        }
        return ActionDocument(steps)
    }

    /// As JSON, each step in its original form.
    public func write() -> [UInt8] {
        JSONWriter.bytes(of: .object(JSONObject([JSONMember("actions", .list(steps.map(\.json)))])))
    }
}
