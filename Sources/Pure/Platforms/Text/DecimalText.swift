/// A number from 0 up that platforms write in several ways: `20`, `20.0`, `2e1`.
struct DecimalText {
    /// Its whole part, of at most 15 digits.
    var whole: Int64
    /// Whether nothing but zeros follows the decimal point.
    var isWhole: Bool

    /// Longer ones are not read.
    static let maxBytes = 64
    private static let limit: Int64 = 1_000_000_000_000_000

    /// - Returns: nil for what is no such number, or has more than 15 digits before the decimal point.
    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty, range.count <= Self.maxBytes else { return nil }
        var value: Int64 = 0
        // Nearly all are plain digits.
        if range.count <= 15 {
            var isPlain = true
            for place in range {
                let digit = text[place] &- UInt8(ascii: "0")
                guard digit <= 9 else {
                    isPlain = false
                    break
                }
                value = value * 10 + Int64(digit)
            }
            if isPlain {
                whole = value
                isWhole = true
                return
            }
        }
        guard let number = Self.general(text, range: range) else { return nil }
        self = number
    }

    private init(whole: Int64, isWhole: Bool) {
        self.whole = whole
        self.isWhole = isWhole
    }

    /// Digits, a fraction, an exponent; blanks around them.
    private static func general(_ text: Span<UInt8>, range: Range<Int>) -> DecimalText? {
        var index = range.lowerBound
        var end = range.upperBound
        while index < end, text[index] == 0x20 { index += 1 }
        while index < end, text[end - 1] == 0x20 { end -= 1 }
        // At most 64 digits: what exceeds 18 of them moves the decimal point.
        var digits: Int64 = 0
        var exponent = 0
        var isExact = true
        var count = 0
        var isFraction = false
        while index < end {
            let byte = text[index]
            if byte == UInt8(ascii: "."), !isFraction, count > 0 {
                isFraction = true
            } else {
                let digit = byte &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                count += 1
                if digits < limit * 100 {
                    digits = digits * 10 + Int64(digit)
                    if isFraction { exponent -= 1 }
                } else {
                    if digit != 0 { isExact = false }
                    if !isFraction { exponent += 1 }
                }
            }
            index += 1
        }
        guard count > 0, let shift = power(text, range: index..<end) else { return nil }
        return shifted(digits, by: exponent + shift, isExact: isExact)
    }

    /// The exponent at the end; 0 where there is none, nil for anything else.
    private static func power(_ text: Span<UInt8>, range: Range<Int>) -> Int? {
        guard let first = range.first else { return 0 }
        guard text[first] | 0x20 == UInt8(ascii: "e") else { return nil }
        var index = first + 1
        var isNegative = false
        if index < range.upperBound, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < range.upperBound else { return nil }
        var value = 0
        while index < range.upperBound {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = min(1_000, value * 10 + Int(digit))
            index += 1
        }
        return isNegative ? -value : value
    }

    private static func shifted(_ digits: Int64, by exponent: Int, isExact: Bool) -> DecimalText? {
        var whole = digits
        var isWhole = isExact
        if whole != 0, exponent > 0 {
            for _ in 0..<exponent {
                guard whole < limit else { return nil }
                whole *= 10
            }
        }
        for _ in 0..<max(0, -exponent) where whole != 0 {
            if whole % 10 != 0 { isWhole = false }
            whole /= 10
        }
        return whole < limit ? DecimalText(whole: whole, isWhole: isWhole) : nil
    }
}
