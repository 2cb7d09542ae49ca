package import SidetoneCallControl
package import SidetoneSignatures

/// What an answer_url serves.
package struct AnswerDocuments: Sendable {
    let rules: AnswerRules
    let values: [String: String]
    let tokens: CallTokenIssuer?

    /// - Parameters:
    ///   - rules: which document answers which called number.
    ///   - values: fill the placeholders of the documents.
    ///   - tokens: fills `{{token}}`, each with a token of its own; nil where `values` has the token, or there is none.
    package init(rules: AnswerRules, values: [String: String], tokens: CallTokenIssuer? = nil) {
        self.rules = rules
        self.values = values
        self.tokens = tokens
    }
}
