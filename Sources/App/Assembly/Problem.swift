import SidetoneModel

/// Something wrong in a file that a user wrote: where, what, and what would be right.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// Empty where no file is meant.
    public var file: String
    /// From 1.
    public var line: Int
    /// The way to the setting, such as `stages.detect.onset_ms`.
    public var path: String
    /// Goes on from the path: `is 5; allowed is 10…500`.
    public var detail: String

    /// On one line, whatever the file holds.
    public var description: String {
        let text = (file.isEmpty ? "" : "\(file):\(line): ") + (path.isEmpty ? "" : path + " ") + detail
        return PrintableText.escaped(text, keepsLines: false)
    }
}

/// Everything wrong in the settings, found before the first call.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    public var problems: [Problem]
    public init(_ problems: [Problem]) { self.problems = problems }
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
