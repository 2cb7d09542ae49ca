/// One step of the diagnosis with its outcome.
package struct DiagnosisStep: Sendable, Hashable {
    /// The steps, in order.
    package enum Name: String, Sendable, CaseIterable {
        /// The `answer_url` answers with a document.
        case answer
        /// The document is valid.
        case actions
        /// The stream URL is one that platforms accept.
        case url
        /// Its host name resolves.
        case address
        /// Its port accepts connections.
        case connection
        /// It supports TLS 1.2 or later.
        case tls
        /// Its certificate is trusted.
        case certificate
        /// It answers the upgrade with 101.
        case upgrade
        /// It accepts the right token, and no other.
        case token
        /// It accepts one second of audio and the end of the stream.
        case media
        /// It counted all that was sent.
        case receiver
        /// For a past call: the receiver's times are consistent with the webhooks'.
        case times
    }

    package enum Outcome: String, Sendable {
        case passed
        /// It works, with a weakness.
        case warned
        /// The diagnosis ends here.
        case failed
        /// Not reached, because an earlier step failed.
        case skipped
    }

    package var name: Name
    package var outcome: Outcome
    /// What was observed. Never a token, a digit or a phone number.
    package var detail: String
    /// The suggested fix; empty if none is needed.
    package var advice: String

    package init(_ name: Name, _ outcome: Outcome, _ detail: String, advice: String = "") {
        self.name = name
        self.outcome = outcome
        self.detail = detail
        self.advice = advice
    }
}
