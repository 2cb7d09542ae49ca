package import HTTPTypes

/// The part of a file requested by a Range header (RFC 9110 §14).
package enum ByteRange: Sendable, Hashable {
    /// No range, or an unreadable one: the whole file is sent with 200, as if none had been requested.
    case whole
    /// Sent with 206.
    case part(Range<Int64>)
    /// The range lies outside the file: 416.
    case unsatisfiable

    /// - Parameters:
    ///   - headers: the headers of a GET request, for a file that is served without a validator.
    ///   - size: the file size in bytes.
    package init(_ headers: HTTPFields, size: Int64) {
        // RFC 9110 §13.1.5: without a validator, If-Range cannot match, and the whole file is sent.
        self.init(headers[.ifRange] == nil ? headers[.range] : nil, size: size)
    }

    /// - Parameters:
    ///   - field: the value of the Range header; nil if there is none.
    ///   - size: the file size in bytes.
    init(_ field: String?, size: Int64) {
        self = .whole
        guard let field, let equals = field.firstIndex(of: "="), field[..<equals].lowercased() == "bytes" else {
            return
        }
        let range = field[field.index(after: equals)...]
        // Several ranges at once may be answered with the whole (RFC 9110 §14.2).
        let ends = range.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Position(ends[0]), let last = Position(ends[1]) else { return }
        switch (first, last) {
        case (.open, .open): return
        case (.at(let first), .at(let last)) where last < first: return
        case (.at(let first), _) where first >= size: self = .unsatisfiable
        case (.at(let first), .at(let last)): self = .part(first..<min(size - 1, last) + 1)
        case (.at(let first), .open): self = .part(first..<size)
        case (.open, .at(0)): self = .unsatisfiable
        // The last bytes of an empty file are the whole file; Content-Range cannot express that.
        case (.open, .at(let count)): self = size == 0 ? .whole : .part(max(0, size - count)..<size)
        }
    }

    /// One end of a range.
    private enum Position {
        case open
        case at(Int64)

        /// - Returns: nil when it is neither empty nor digits. Larger numbers are clamped to the largest one.
        init?(_ text: Substring) {
            guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            self = text.isEmpty ? .open : .at(Int64(text) ?? .max)
        }
    }
}
