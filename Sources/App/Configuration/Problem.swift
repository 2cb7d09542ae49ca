import SidetoneJSON

/// Something wrong in a file that a user wrote: where, what, and what would be right.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// Empty where no file is meant.
    package var file: String
    /// From 1.
    package var line: Int
    /// The way to the setting, such as `stages.detect.onset_ms`.
    package var path: String
    /// Goes on from the path: `is 5; allowed is 10…500`.
    package var detail: String

    package init(file: String, line: Int, path: String, detail: String) {
        self.file = file
        self.line = line
        self.path = path
        self.detail = detail
    }

    /// On one line, whatever the file holds.
    package var description: String {
        let text = (file.isEmpty ? "" : "\(file):\(line): ") + (path.isEmpty ? "" : path + " ") + detail
        return PrintableText.escaped(text, keepsLines: false)
    }
}

/// Everything wrong in the settings, found before the first call.
package struct SettingsError: Error, Sendable, CustomStringConvertible {
    package var problems: [Problem]
    package init(_ problems: [Problem]) { self.problems = problems }
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
