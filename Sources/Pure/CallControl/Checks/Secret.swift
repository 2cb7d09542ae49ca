/// A token or key on its way through: it never shows in a log, a dump or a message.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public let value: String

    public init(_ value: String) { self.value = value }

    public var description: String { "(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
