public import SidetoneJSON

/// One entry of an action document.
public struct ActionStep: Sendable {
    /// How the entry is written; documents may mix both.
    public enum Form: Sendable, Hashable {
        /// `{"say": {"text": "Hello"}}`
        case keyed
        /// `{"type": "say", "text": "Hello"}`
        case typed
    }

    public var form: Form
    public var action: any Action

    public init(_ action: any Action, _ form: Form = .keyed) {
        self.action = action
        self.form = form
    }

    public var name: String { type(of: action).name }

    public var json: JSONValue {
        switch form {
        case .keyed: .object(JSONObject([JSONMember(name, .object(JSONObject(action.parameters)))]))
        case .typed: .object(JSONObject([JSONMember("type", .text(name))] + action.parameters))
        }
    }
}

extension ActionStep: Hashable {
    public static func == (left: ActionStep, right: ActionStep) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
