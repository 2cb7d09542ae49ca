/// The header field Range with one range of bytes (RFC 9110 §14.1.2).
enum ByteRange {
    /// - Parameter size: of the whole, in bytes.
    /// - Returns: first and last byte, cut to what is there; nil where nothing of it is, or it is no such range.
    static func read(_ field: String, of size: Int) -> ClosedRange<Int>? {
        guard field.hasPrefix("bytes="), size > 0 else { return nil }
        let halves = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return nil
        }
        let (first, last) = (Int(halves[0]), Int(halves[1]))
        switch (first, last) {
        case (let first?, let last?) where first <= last && first < size: return first...min(last, size - 1)
        case (let first?, nil) where halves[1].isEmpty && first < size: return first...(size - 1)
        case (nil, let last?) where halves[0].isEmpty && last > 0: return max(0, size - last)...(size - 1)
        default: return nil
        }
    }
}
