/// An unsupported media format.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable { case unsupportedEncoding, unsupportedRate, unsupportedPacket }
    public var code: Code
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
