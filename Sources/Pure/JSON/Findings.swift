/// Everything wrong with a document, in the order of the document.
public struct Findings: Error, Hashable, Sendable, CustomStringConvertible {
    /// At most `most` of them.
    public private(set) var all: [Finding] = []
    /// How many more there were, at least; readers stop when there are too many.
    public private(set) var omitted = 0

    /// More than anybody reads; a hostile document may hold half a million problems.
    public static let most = 100

    public init() {}
    public init(_ finding: Finding) { add(finding) }

    public var isEmpty: Bool { all.isEmpty }
    /// What is added now is only counted: whoever pays for a finding can spare the work.
    public var isFull: Bool { all.count >= Self.most }

    /// Counts one without keeping it.
    public mutating func omit() { omitted += 1 }

    public mutating func add(_ finding: Finding) {
        if isFull { omit() } else { all.append(finding) }
    }

    public mutating func add(_ others: Findings) {
        for finding in others.all { add(finding) }
        omitted += others.omitted
    }

    /// One line each.
    public var description: String {
        let lines = all.map(\.description) + (omitted > 0 ? ["and at least \(omitted) more"] : [])
        return lines.joined(separator: "\n")
    }
}
