/// Writes numbers with a fixed count of digits after the point, as C's `%.3f` does: exact ties go to the even digit.
enum FixedPoint {
    static let powers: [Int64] = (0...12).map { n in (0..<n).reduce(1) { power, _ in power * 10 } }

    /// Not-a-number writes nothing, and zero has no sign.
    ///
    /// - Parameter decimals: 0…12, where a Float times the power of ten is exact in Double.
    static func append(_ value: Float, decimals: Int, to text: inout [UInt8]) {
        guard !value.isNaN else { return }
        let power = powers[decimals]
        let scaled = (Double(value) * Double(power)).rounded(.toNearestOrEven)
        guard abs(scaled) < 9e18 else {
            // Beyond all measures: as the language writes it, so that a reader sees what was there.
            text.append(contentsOf: value.description.utf8)
            return
        }
        append(scaled: Int64(scaled), decimals: decimals, to: &text)
    }

    /// Writes `scaled / 10^decimals`.
    static func append(scaled: Int64, decimals: Int, to text: inout [UInt8]) {
        if scaled < 0 { text.append(UInt8(ascii: "-")) }
        let power = UInt64(powers[decimals])
        let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: power)
        append(digits: whole, atLeast: 1, to: &text)
        guard decimals > 0 else { return }
        text.append(UInt8(ascii: "."))
        append(digits: fraction, atLeast: decimals, to: &text)
    }

    private static func append(digits number: UInt64, atLeast count: Int, to text: inout [UInt8]) {
        let first = text.count
        var rest = number
        var left = count
        while rest > 0 || left > 0 {
            text.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
            left -= 1
        }
        var low = first
        var high = text.count - 1
        while low < high {
            text.swapAt(low, high)
            low += 1
            high -= 1
        }
    }
}
