/// One complete, unmasked WebSocket message.
public struct WireMessage: Sendable, Hashable {
    public enum Kind: Sendable, Hashable { case text, binary }

    public var kind: Kind
    public var bytes: [UInt8]

    public init(kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    public static func text(_ string: String) -> WireMessage { WireMessage(kind: .text, bytes: Array(string.utf8)) }
}
