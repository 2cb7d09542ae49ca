import Foundation
package import SidetoneCallControl
package import SidetoneJSON

/// Secrets out of files and the environment. An argument is the last choice: every list of processes shows it.
package enum SecretInput {
    /// Longer files are refused, in bytes.
    static let mostBytes = 4_096

    /// - Parameters:
    ///   - file: a text file whose first line is the secret; nil for none.
    ///   - environment: the value of the variable; counts where there is no file.
    ///   - option: how the file is given, for messages.
    /// - Returns: nil where neither is there.
    package static func read(
        file: String?, environment: String?, option: String
    ) throws(Diagnostics) -> Secret? {
        guard let file else { return environment.flatMap { $0.isEmpty ? nil : Secret($0) } }
        func problem(_ detail: String) -> Diagnostics {
            Diagnostics(Diagnostic(file: file, line: 1, path: option, wrong: detail))
        }
        guard let data = FileManager.default.contents(atPath: file), data.count <= mostBytes,
            let text = String(data: data, encoding: .utf8)
        else { throw problem("cannot be read; expected a text file with the secret in its first line") }
        let secret = text.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
        guard !secret.isEmpty else { throw problem("holds no secret; write it in the first line") }
        return Secret(secret)
    }

    /// A bearer token. Its file may be the receiver's own, with one token a line: the first counts.
    ///
    /// - Parameters:
    ///   - argument: as it was typed; counts before the others.
    ///   - environment: the value of the variable; counts where there is no file.
    ///   - option: what the argument is called; the file is called `-file` after it.
    /// - Throws: `Diagnostics` when it cannot be read, or is none.
    package static func token(
        _ argument: String? = nil, file: String?, environment: String?, option: String
    ) throws(Diagnostics) -> Secret? {
        let read =
            argument == nil
            ? try file.map { path throws(Diagnostics) in try BearerTokens.read(path, setting: option + "-file") }
            : nil
        guard let token = argument ?? read?.first ?? environment, !token.isEmpty else { return nil }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Diagnostics(
                Diagnostic(
                    file: argument == nil ? file ?? "the environment" : "the command", line: 1, path: option,
                    wrong: "holds something other than visible ASCII letters; a token has no spaces"))
        }
        return Secret(token)
    }
}
