/// A problem that prevents an analysis, found before the first frame.
public struct AnalysisError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unknownName, conflictingSettings, impossibleGrid, modelMissing, modelMalformed
    }
    public var code: Code
    /// What is wrong, where, and what would be right.
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
