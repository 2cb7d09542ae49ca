public import SidetoneJSON

/// One action of a MiniVoice document: it reads, checks and writes itself.
///
/// To add one: a file beside this one with the type, and a line in `ActionCatalog`.
public protocol Action: Sendable, SendableMetatype {
    /// The word that documents use.
    static var name: String { get }
    /// What it does, in one line.
    static var summary: String { get }

    /// Reads its parameters; nil where a required one cannot be used. The reader notes why, and notes unknown keys itself.
    init?(_ fields: inout FieldReader)

    /// Its parameters as `init` reads them; what was not given is left out.
    var parameters: [JSONMember] { get }

    /// What the call does.
    var instruction: CallInstruction { get }
}

extension Action {
    public var parameters: [JSONMember] { [] }
}

/// Members of an object, without those that have no value.
func members(_ fields: KeyValuePairs<String, JSONValue?>) -> [JSONMember] {
    fields.compactMap { name, value in value.map { JSONMember(name, $0) } }
}
