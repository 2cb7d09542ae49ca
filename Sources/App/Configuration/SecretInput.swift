import Foundation
package import SidetoneCallControl
package import SidetoneJSON

/// Reads secrets from files and the environment. Arguments are discouraged: process lists show them.
package enum SecretInput {
    /// Maximum size of the file, in bytes.
    static let mostBytes = 4_096

    /// - Parameters:
    ///   - file: a text file whose first line is the secret; nil for none.
    /// - environment: the value of the variable; used if there is no file.
    /// - option: the name of the option, for messages.
    /// - Returns: nil if neither is set.
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
        guard !secret.isEmpty else { throw problem("contains no secret; write it in the first line") }
        return Secret(secret)
    }

    /// Reads a bearer token. Its file may be the receiver's, with one token per line: the first one is used.
    ///
    /// - Parameters:
    /// - argument: the value on the command line; takes precedence.
    /// - environment: the value of the variable; used if there is no file.
    /// - option: the name of the argument; that of the file has the suffix `-file`.
    /// - Throws: `Diagnostics` when the token cannot be read, or is invalid.
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
                    wrong: "contains other characters than visible ASCII; a token has no spaces"))
        }
        return Secret(token)
    }
}
