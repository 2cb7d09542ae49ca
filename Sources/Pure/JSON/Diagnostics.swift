/// Everything wrong with an input, in its order: a file shows all its problems at once.
public struct Diagnostics: Error, Hashable, Sendable, CustomStringConvertible {
    /// At most `limit` of them.
    public private(set) var all: [Diagnostic] = []
    /// How many more there were, at least; readers stop when there are too many.
    public private(set) var omitted = 0

    /// More than anybody reads; a hostile document may hold half a million problems.
    public static let limit = 100

    public init() {}
    public init(_ diagnostic: Diagnostic) { add(diagnostic) }
    public init(_ diagnostics: [Diagnostic]) { for diagnostic in diagnostics { add(diagnostic) } }

    public var isEmpty: Bool { all.isEmpty }
    /// What is added now is only counted: a caller can skip the work of describing it.
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

    /// One line each.
    public var description: String {
        let lines = all.map(\.description) + (omitted > 0 ? ["and at least \(omitted) more"] : [])
        return lines.joined(separator: "\n")
    }
}
