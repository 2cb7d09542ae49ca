import Foundation
public import SidetoneCallControl

/// A secret out of a file or the environment; never out of an argument, which every list of processes shows.
public enum SecretInput {
    /// Longer files are refused, in bytes.
    static let mostBytes = 4_096

    /// - Parameters:
    ///   - file: a text file whose first line is the secret; nil for none.
    ///   - environment: the value of the variable; counts where there is no file.
    ///   - option: how the file is given, for messages.
    /// - Returns: nil where neither is there.
    public static func read(
        file: String?, environment: String?, option: String
    ) throws(SettingsError) -> Secret? {
        guard let file else { return environment.flatMap { $0.isEmpty ? nil : Secret($0) } }
        func problem(_ detail: String) -> SettingsError {
            SettingsError([Problem(file: file, line: 1, path: option, detail: detail)])
        }
        guard let data = FileManager.default.contents(atPath: file), data.count <= mostBytes,
            let text = String(data: data, encoding: .utf8)
        else { throw problem("cannot be read; it takes a text file with the secret in its first line") }
        let secret = text.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
        guard !secret.isEmpty else { throw problem("holds no secret; write it in the first line") }
        return Secret(secret)
    }
}
