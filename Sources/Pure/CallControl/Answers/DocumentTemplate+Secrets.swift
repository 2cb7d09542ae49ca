public import SidetoneJSON

extension DocumentTemplate {
    /// Secrets in the template itself, which every reader of the document would receive: tokens, passwords and
    /// credentials that are not filled in per call.
    public var staticSecrets: Diagnostics {
        var diagnostics = Diagnostics()
        Self.search(value, at: JSONPath(), into: &diagnostics)
        return diagnostics
    }

    private static func search(_ value: JSONValue, at path: JSONPath, into diagnostics: inout Diagnostics) {
        switch value {
        case .object(let object):
            for member in object.members {
                let path = path.member(member.name)
                if case .text(let text) = member.value, SecretName.isSecret(member.name), isLiteral(text) {
                    record(path, wrong: "is a static secret", into: &diagnostics)
                } else {
                    search(member.value, at: path, into: &diagnostics)
                }
            }
        case .list(let items):
            for (index, item) in items.enumerated() { search(item, at: path.item(index), into: &diagnostics) }
        case .text(let text):
            if SecretName.isSecret(inURL: text) {
                record(path, wrong: "is a URL with a static secret", into: &diagnostics)
            }
        case .null, .flag, .number: break
        }
    }

    /// Whether a text is the same for every call: not empty and without `{{…}}`, `${…}` and `%{…}`.
    private static func isLiteral(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("{{") && !SWMLPlaceholders.are(in: text)
    }

    private static func record(_ path: JSONPath, wrong: String, into diagnostics: inout Diagnostics) {
        diagnostics.add(
            Diagnostic(
                .notAllowed, at: path, wrong: "\(wrong), but requests for the document need no signature",
                allowed: "{{token}}, a token that is issued for each call",
                remedy: "write {{token}}, or set answer_signature: required and the platform's key file"))
    }
}

/// Names of fields and query parameters that carry secrets.
public enum SecretName {
    private static let words = [
        "token", "secret", "password", "passwd", "apikey", "authorization", "bearer", "signature",
    ]
    private static let names: Set<String> = ["key", "auth", "sig", "pwd", "pass"]

    /// Whether a field of that name holds a secret.
    public static func isSecret(_ name: String) -> Bool {
        let plain = name.lowercased().filter { $0.isLetter }
        return names.contains(plain) || words.contains { plain.contains($0) }
    }

    /// Whether a URL holds credentials, or a query parameter with a secret that is the same for every call.
    public static func isSecret(inURL url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let rest = url[scheme.upperBound...]
        if rest.prefix(while: { $0 != "/" && $0 != "?" && $0 != "#" }).contains("@") { return true }
        return rest.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }.split(separator: "&").contains { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, isSecret(String(parts[0])) else { return false }
            return !parts[1].contains("{{") && !SWMLPlaceholders.are(in: String(parts[1]))
        }
    }
}
