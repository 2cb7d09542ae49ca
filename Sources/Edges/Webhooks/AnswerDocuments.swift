package import SidetoneCallControl
package import SidetoneSignatures

/// What an answer_url serves.
package struct AnswerDocuments: Sendable {
    let rules: AnswerRules
    let values: [String: String]
    let tokens: CallTokenIssuer?

    /// - Parameters:
    ///   - rules: select the document for a called number.
    ///   - values: fill the placeholders of the documents.
    ///   - tokens: fills each `{{token}}` with a new token; nil if `values` contains the token or none is needed.
    package init(rules: AnswerRules, values: [String: String], tokens: CallTokenIssuer? = nil) {
        self.rules = rules
        self.values = values
        self.tokens = tokens
    }
}
