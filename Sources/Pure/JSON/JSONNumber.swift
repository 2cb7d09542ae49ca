/// A JSON number in its original spelling, so that it is written as it was read.
public struct JSONNumber: Sendable, Hashable {
    /// As RFC 8259 §6 allows it.
    public let literal: String

    public init(_ value: Int) { literal = "\(value)" }

    /// - Precondition: the value is finite; JSON has no other numbers.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no number for \(value)")
        literal = "\(value)"
    }

    /// - Precondition: `literal` is a JSON number, as validated by the reader.
    package init(literal: String) { self.literal = literal }

    /// The value if it is whole and in range: `3`, `3.0` and `3e2` are whole.
    public var whole: Int? { Int(literal) ?? Int(exactly: value) }

    /// The nearest `Double`; infinite if the number is out of range.
    public var value: Double { Double(literal) ?? .infinity }

    /// Powers of ten from 10⁰ to 10¹².
    private static let powers = (0...12).map { n in (0..<n).reduce(1.0) { power, _ in power * 10 } }

    /// A number rounded to a useful precision; −0 becomes 0.
    ///
    /// - Parameters:
    ///   - number: finite.
    ///   - decimals: at most so many digits after the point, 0…12; a number below 0.1 keeps three significant digits.
    package static func rounded(_ number: Double, decimals: Int) -> Double {
        let size = abs(number)
        // Beyond 2⁵³ the product is whole anyway: such a number has no significant digits after the point.
        guard size * powers[decimals] < 9e15 else { return number }
        var power = powers[decimals]
        if size < 0.1, size > 1e-9 {
            var digits = decimals
            // Three significant digits: 0.000031 s is not 0.
            while digits < 12, size * powers[digits] < 100 { digits += 1 }
            power = powers[digits]
        }
        let rounded = (number * power).rounded() / power
        return rounded == 0 ? 0 : rounded
    }
}
