/// Why a message cannot be read. Repeats names of fields and formats, never payload, digits or tokens.
public struct DialectError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable { case malformed, missingField, unsupportedEncoding, unwritable }
    public var code: Code
    public var dialect: String
    /// Position in its stream, from 1.
    public var message: Int
    public var detail: String
    /// Whether it is the stream's `start` that cannot be read: nothing can be heard of the stream then.
    public var isOfStart = false

    public init(_ code: Code, dialect: String, message: Int, detail: String) {
        self.code = code
        self.dialect = dialect
        self.message = message
        self.detail = detail
    }

    public var description: String { "\(dialect) message \(message): \(detail) [\(code.rawValue)]" }
}
