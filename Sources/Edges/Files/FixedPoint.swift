/// Writes numbers with a fixed number of decimals, like C's `%.3f`: exact ties round to the even digit.
enum FixedPoint {
    static let powers: [Int64] = (0...12).map { n in (0..<n).reduce(1) { power, _ in power * 10 } }
    /// Bytes that hold any number.
    static let longest = 32

    /// "00" to "99".
    private static let pairs: [UInt8] = (0..<100).flatMap {
        [UInt8(ascii: "0") + UInt8($0 / 10), UInt8(ascii: "0") + UInt8($0 % 10)]
    }
    /// 1.5·2⁵²: added to a Double of up to 2⁵¹ and subtracted again, it rounds to an integer, ties to even.
    private static let rounding = 6_755_399_441_055_744.0

    /// Not-a-number writes nothing; zero is written without a sign.
    ///
    /// - Parameter decimals: 0…12, where a Float times the power of ten is exact in Double.
    static func append(_ value: Float, decimals: Int, to text: inout [UInt8]) {
        append(to: &text) { write(value, decimals: decimals, into: &$0, at: &$1) }
    }

    /// Writes `scaled / 10^decimals`.
    static func append(scaled: Int64, decimals: Int, to text: inout [UInt8]) {
        append(to: &text) { write(scaled: scaled, decimals: decimals, into: &$0, at: &$1) }
    }

    private static func append(to text: inout [UInt8], _ write: (inout MutableSpan<UInt8>, inout Int) -> Void) {
        var offset = text.count
        text.append(contentsOf: repeatElement(0, count: longest))
        var span = text.mutableSpan
        write(&span, &offset)
        text.removeLast(text.count - offset)
    }

    /// Like `append`, at `offset`, which advances past the number; `longest` bytes must be available.
    static func write(_ value: Float, decimals: Int, into text: inout MutableSpan<UInt8>, at offset: inout Int) {
        guard !value.isNaN else { return }
        let exact = Double(value) * Double(powers[decimals])
        if abs(exact) < 2_251_799_813_685_248 {
            write(scaled: Int64((exact + rounding) - rounding), decimals: decimals, into: &text, at: &offset)
        } else if abs(exact) < 9e18 {
            write(scaled: Int64(exact.rounded(.toNearestOrEven)), decimals: decimals, into: &text, at: &offset)
        } else {
            // Out of range: Swift's own notation, so that the value is not lost.
            for byte in value.description.utf8 {
                text[offset] = byte
                offset += 1
            }
        }
    }

    /// Writes `scaled / 10^decimals` at `offset`, which advances past it; `longest` bytes must be available.
    static func write(scaled: Int64, decimals: Int, into text: inout MutableSpan<UInt8>, at offset: inout Int) {
        if scaled < 0 {
            text[offset] = UInt8(ascii: "-")
            offset += 1
        }
        var rest = scaled.magnitude
        var digits = decimals + 1
        while digits < powers.count, rest >= UInt64(powers[digits]) { digits += 1 }
        if digits == powers.count { digits = String(rest).utf8.count }
        let whole = digits - decimals
        // From the last digit to the first, two at a time, leaving room for the point.
        var end = offset + (decimals > 0 ? digits + 1 : digits)
        let next = end
        write(&rest, digits: decimals, before: &end, text: &text)
        if decimals > 0 {
            end -= 1
            text[end] = UInt8(ascii: ".")
        }
        write(&rest, digits: whole, before: &end, text: &text)
        offset = next
    }

    /// Writes the last `count` digits of a number before `end`, moves `end` before them, and removes them from the number.
    private static func write(
        _ rest: inout UInt64, digits count: Int, before end: inout Int, text: inout MutableSpan<UInt8>
    ) {
        var left = count
        let pairs = pairs.span
        while left >= 2 {
            let pair = Int(rest % 100) * 2
            rest /= 100
            text[end - 1] = pairs[pair + 1]
            text[end - 2] = pairs[pair]
            end -= 2
            left -= 2
        }
        guard left == 1 else { return }
        end -= 1
        text[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
    }
}
