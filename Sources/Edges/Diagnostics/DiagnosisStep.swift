/// One step of the debug order, and what became of it.
package struct DiagnosisStep: Sendable, Hashable {
    /// In the order in which they are walked.
    package enum Name: String, Sendable, CaseIterable {
        /// The `answer_url` gives a document.
        case answer
        /// The document is valid.
        case actions
        /// The stream's address is one that a platform takes.
        case url
        /// Its name has an address.
        case address
        /// Something listens there.
        case connection
        /// It speaks TLS, new enough.
        case tls
        /// Its certificate is one to trust.
        case certificate
        /// It answers the upgrade with 101.
        case upgrade
        /// It takes the right token, and no other.
        case token
        /// It takes a second of audio, and lets the stream end.
        case media
        /// It counted what was sent.
        case receiver
        /// Of a call that was: the receiver's times fit the webhooks'.
        case times
    }

    package enum Outcome: String, Sendable {
        case passed
        /// It works, and somebody will wish it were otherwise.
        case warned
        /// The walk ends here.
        case failed
        /// Not reached, because an earlier step failed.
        case skipped
    }

    package var name: Name
    package var outcome: Outcome
    /// What was seen. Never a token, a digit or a number of a person.
    package var detail: String
    /// What to do; empty where nothing is to be done.
    package var advice: String

    package init(_ name: Name, _ outcome: Outcome, _ detail: String, advice: String = "") {
        self.name = name
        self.outcome = outcome
        self.detail = detail
        self.advice = advice
    }
}
