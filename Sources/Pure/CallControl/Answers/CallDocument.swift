public import SidetoneJSON

/// A document with the actions of a call, in either language.
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
    /// - Throws: every problem of the document.
    public static func read(_ bytes: [UInt8], limits: DocumentLimits = .standard) throws(Diagnostics) -> CallDocument {
        var diagnostics = Diagnostics()
        let value = JSONReader.read(bytes, limits: limits, into: &diagnostics)
        let document = value.flatMap { read($0, limits: limits, into: &diagnostics) }
        guard let document, diagnostics.isEmpty else { throw diagnostics }
        return document
    }

    package static func read(
        _ value: JSONValue, limits: DocumentLimits, into diagnostics: inout Diagnostics
    ) -> CallDocument? {
        if case .object(let object) = value, object["sections"] != nil, object["actions"] == nil {
            return SWMLDocument.read(value, limits: limits, into: &diagnostics).map { .swml($0) }
        }
        return ActionDocument.read(value, limits: limits, into: &diagnostics).map { .actions($0) }
    }

    public func write() -> [UInt8] {
        switch self {
        case .actions(let document): document.write()
        case .swml(let document): document.write()
        }
    }
}
