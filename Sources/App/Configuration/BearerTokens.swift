import Foundation
package import SidetoneJSON

/// The tokens of a file, one per line; empty lines and lines that begin with `#` are ignored.
package enum BearerTokens {
    /// - Parameters:
    ///   - path: empty for none.
    /// - setting: the setting that names the file, for messages.
    package static func read(_ path: String, setting: String = "bearer_token_file") throws(Diagnostics) -> [String] {
        guard !path.isEmpty else { return [] }
        func problem(_ detail: String) -> Diagnostics {
            Diagnostics(Diagnostic(file: path, line: 1, path: setting, wrong: detail))
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw problem("cannot be read; expected a text file with one token per line")
        }
        let tokens = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !tokens.isEmpty else { throw problem("contains no token; write one per line") }
        return tokens
    }
}
