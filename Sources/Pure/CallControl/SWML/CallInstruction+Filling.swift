public import SidetoneJSON

extension CallInstruction {
    /// The instruction of a SWML step with its placeholders filled; the resulting values are validated like the
    /// document.
    /// - Throws: for a text with an expression, or with an invalid value after filling.
    public func filled(by placeholders: SWMLPlaceholders) throws(Diagnostic) -> CallInstruction {
        switch self {
        case .startStream(var request):
            let filler = Filler(placeholders: placeholders, path: JSONPath().member("stream"))
            request.url = try filler.fill(request.url, name: "url", rule: .webSocketURL)
            request.controlID = try filler.fill(given: request.controlID, name: "control_id", rule: .notEmpty)
            request.name = try filler.fill(given: request.name, name: "name", rule: .any)
            request.codec = try filler.fill(given: request.codec, name: "codec", rule: .notEmpty)
            request.statusURL = try filler.fill(given: request.statusURL, name: "status_url", rule: .webURL)
            request.bearerToken = try filler.fill(
                given: request.bearerToken?.value, name: "authorization_bearer_token", rule: SWMLStream.token
            ).map { Secret($0) }
            let custom = Filler(placeholders: placeholders, path: filler.path.member("custom_parameters"))
            for (name, text) in request.customParameters {
                request.customParameters[name] = try custom.fill(text, name: name, rule: .any)
            }
            return .startStream(request)
        case .stopStream(.controlID(let id)):
            let filler = Filler(placeholders: placeholders, path: JSONPath().member("stop_stream"))
            return .stopStream(.controlID(try filler.fill(id, name: "control_id", rule: .any)))
        case .other(let name, let step):
            let filled = try step.changingTexts { text, path throws(Diagnostic) in
                try Filler.fill(text, with: placeholders, at: path)
            }
            return .other(name: name, step: filled)
        default: return self
        }
    }
}

private struct Filler {
    let placeholders: SWMLPlaceholders
    let path: JSONPath

    func fill(given text: String?, name: String, rule: TextRule) throws(Diagnostic) -> String? {
        guard let text else { return nil }
        return try fill(text, name: name, rule: rule)
    }

    func fill(_ text: String, name: String, rule: TextRule) throws(Diagnostic) -> String {
        guard SWMLPlaceholders.are(in: text) else { return text }
        let filled = try Self.fill(text, with: placeholders, at: path.member(name))
        if let problem = rule.problem(filled) {
            throw Diagnostic(
                .notAllowed, at: path.member(name), wrong: "\(problem.wrong) after its variables are filled in",
                allowed: rule.allowed, remedy: problem.remedy)
        }
        return filled
    }

    static func fill(
        _ text: String, with placeholders: SWMLPlaceholders, at path: JSONPath
    ) throws(Diagnostic) -> String {
        do throws(SWMLPlaceholders.Expression) { return try placeholders.fill(text) } catch {
            throw Diagnostic(
                .notAllowed, at: path, wrong: "contains an expression",
                allowed: "a path such as ${call.from} or %{stream_result}",
                remedy: "use one variable; Sidetone does not evaluate JavaScript")
        }
    }
}

extension TextRule {
    /// The same rule for a text whose placeholders are filled later: the rest of the text is validated, unless it
    /// begins with a placeholder.
    var orPlaceholders: TextRule {
        TextRule(allowed) { text in
            text.hasPrefix("${") || text.hasPrefix("%{") ? nil : problem(SWMLPlaceholders.digits(in: text))
        }
    }
}
