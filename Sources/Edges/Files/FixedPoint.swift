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
        var rest = scaled.magnitude
        var digits = decimals + 1
        while digits < powers.count, rest >= UInt64(powers[digits]) { digits += 1 }
        if digits == powers.count { digits = String(rest).utf8.count }
        let first = text.count
        let length = decimals > 0 ? digits + 1 : digits
        for _ in 0..<length { text.append(UInt8(ascii: ".")) }
        // From the last digit to the first; the point keeps its place.
        let point = decimals > 0 ? first + length - 1 - decimals : -1
        var place = first + length - 1
        while place >= first {
            if place != point {
                text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            place -= 1
        }
    }
}
