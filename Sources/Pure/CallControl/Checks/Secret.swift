/// A token or key: it is redacted in logs, dumps and messages.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public let value: String

    public init(_ value: String) { self.value = value }

    public var description: String { "(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
