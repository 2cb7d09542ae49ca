/// The part of a file that a request asks for (RFC 9110 §14).
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    /// - Parameters:
    ///   - field: the Range field; nil when there is none.
    ///   - size: of the file in bytes.
    init(_ field: String?, size: Int64) {
        guard let field, field.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let parts = field.dropFirst("bytes=".count).split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        // Several ranges at once may be answered with the whole.
        guard parts.count == 2, !field.contains(",") else {
            self = .whole
            return
        }
        let first = parts[0].allSatisfy(\.isNumber) ? Int64(parts[0]) : nil
        let last = parts[1].allSatisfy(\.isNumber) ? Int64(parts[1]) : nil
        switch (first, last) {
        case (let first?, _) where first >= size: self = .unsatisfiable
        case (let first?, let last?): self = last >= first ? .part(first..<(last < size ? last + 1 : size)) : .whole
        case (let first?, nil): self = parts[1].isEmpty ? .part(first..<size) : .whole
        case (nil, let count?) where parts[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        default: self = .whole
        }
    }
}
