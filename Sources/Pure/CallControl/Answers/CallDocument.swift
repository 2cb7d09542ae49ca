public import SidetoneJSON

/// A document that says what a call does, in either language.
public enum CallDocument: Sendable, Hashable {
    case actions(ActionDocument)
    case swml(SWMLDocument)

    public var language: DocumentLanguage {
        switch self {
        case .actions: .actions
        case .swml: .swml
        }
    }

    public var instructions: [CallInstruction] {
        switch self {
        case .actions(let document): document.instructions
        case .swml(let document): document.instructions
        }
    }

    /// Reads either language: `actions` is MiniVoice, `sections` is SWML.
    ///
    /// - Throws: everything that is wrong with it.
    public static func read(_ bytes: [UInt8], limits: DocumentLimits = .standard) throws(Findings) -> CallDocument {
        var findings = Findings()
        let value = JSONReader.read(bytes, limits: limits, into: &findings)
        let document = value.flatMap { read($0, limits: limits, into: &findings) }
        guard let document, findings.isEmpty else { throw findings }
        return document
    }

    package static func read(
        _ value: JSONValue, limits: DocumentLimits, into findings: inout Findings
    ) -> CallDocument? {
        if case .object(let object) = value, object["sections"] != nil, object["actions"] == nil {
            return SWMLDocument.read(value, limits: limits, into: &findings).map { .swml($0) }
        }
        return ActionDocument.read(value, limits: limits, into: &findings).map { .actions($0) }
    }

    public func write() -> [UInt8] {
        switch self {
        case .actions(let document): document.write()
        case .swml(let document): document.write()
        }
    }
}
