public import SidetoneJSON

/// One action of a MiniVoice document: it reads, checks and writes itself. To add one, add a file with the type in this
/// folder, and a line in `ActionCatalog`.
public protocol Action: Sendable, SendableMetatype {
    /// The name in documents.
    static var name: String { get }
    /// The one-line description.
    static var summary: String { get }

    /// Reads its parameters; nil if a required one is invalid. The reader records the reason, and unknown keys.
    init?(_ fields: inout FieldReader)

    /// Its parameters as `init` reads them, without omitted ones.
    var parameters: [JSONMember] { get }

    /// The instruction for the call.
    var instruction: CallInstruction { get }
}

extension Action {
    public var parameters: [JSONMember] { [] }
}

/// Members of an object, without those whose value is nil.
func members(_ fields: KeyValuePairs<String, JSONValue?>) -> [JSONMember] {
    fields.compactMap { name, value in value.map { JSONMember(name, $0) } }
}
