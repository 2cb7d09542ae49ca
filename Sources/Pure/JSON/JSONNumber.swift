/// A JSON number by its spelling, so that writing gives back what was read.
public struct JSONNumber: Sendable, Hashable {
    /// As RFC 8259 §6 allows it.
    public let literal: String

    public init(_ value: Int) { literal = "\(value)" }

    /// - Precondition: the value is finite; JSON has no other numbers.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no number for \(value)")
        literal = "\(value)"
    }

    /// - Precondition: `literal` is a JSON number; the reader has seen to that.
    package init(literal: String) { self.literal = literal }

    /// The value where it is whole and fits: `3`, `3.0` and `3e2` are whole.
    public var whole: Int? { Int(literal) ?? Int(exactly: value) }

    /// The nearest `Double`; infinite where the number is out of its range.
    public var value: Double { Double(literal) ?? .infinity }
}
