/// All problems of an input, in order.
public struct Diagnostics: Error, Hashable, Sendable, CustomStringConvertible {
    /// At most `limit` of them.
    public private(set) var all: [Diagnostic] = []
    /// The minimum number of further problems; readers stop when there are too many.
    public private(set) var omitted = 0

    /// Bounded, because a hostile document may have half a million problems.
    public static let limit = 100

    public init() {}
    public init(_ diagnostic: Diagnostic) { add(diagnostic) }
    public init(_ diagnostics: [Diagnostic]) { for diagnostic in diagnostics { add(diagnostic) } }

    public var isEmpty: Bool { all.isEmpty }
    /// Whether further problems are only counted, so that callers need not describe them.
    public var isFull: Bool { all.count >= Self.limit }

    /// Counts one without keeping it.
    public mutating func omit() { omitted += 1 }

    public mutating func add(_ diagnostic: Diagnostic) {
        if isFull { omit() } else { all.append(diagnostic) }
    }

    public mutating func add(_ others: Diagnostics) {
        for diagnostic in others.all { add(diagnostic) }
        omitted += others.omitted
    }

    /// The same problems in the order of their lines.
    public func sortedByLine() -> Diagnostics {
        var sorted = self
        sorted.all.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        return sorted
    }

    /// The same problems, of a file.
    public func inFile(_ file: String) -> Diagnostics {
        var located = self
        located.all = all.map { $0.inFile(file) }
        return located
    }

    /// One line per problem.
    public var description: String {
        let lines = all.map(\.description) + (omitted > 0 ? ["and at least \(omitted) more"] : [])
        return lines.joined(separator: "\n")
    }
}
