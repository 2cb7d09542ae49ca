/// The languages of call documents.
public enum DocumentLanguage: String, Sendable, Hashable, CaseIterable {
    /// A list of actions, as MiniVoice runs them.
    case actions
    /// SWML, as SignalWire runs it.
    case swml

    /// For logs.
    public var name: String { title.lowercased() }

    /// For messages.
    public var title: String {
        switch self {
        case .actions: "MiniVoice"
        case .swml: "SWML"
        }
    }
}
