/// What a platform's webhooks look like, and how they are signed.
public struct WebhookProfile: Sendable, Hashable {
    /// What the bodies hold.
    public enum Payload: Sendable {
        /// Events of calls and recordings, as JSON.
        case events
        /// The states of streams, as JSON; as forms those of calls, too.
        case streamStates
        /// Callbacks of streams and calls, as forms or JSON.
        case callbacks
    }

    /// What a signature covers. What computes it is in `SidetoneSignatures`.
    public enum Signature: Sendable {
        /// A time and the body.
        case timeAndBody
        /// The public URL and the body.
        case urlAndBody
        /// The public URL and the fields of the form, or the hash of a body that is none.
        case urlAndFields

        /// The header fields of which one carries it, in lower case.
        public var headers: [String] {
            switch self {
            case .timeAndBody: ["x-minivoice-signature"]
            case .urlAndBody: ["x-signalwire-signature", "x-signalwire-sha256-signature"]
            case .urlAndFields: ["x-twilio-signature"]
            }
        }

        public var coversURL: Bool { self != .timeAndBody }
    }

    /// What the platform calls its keys, and what they sign.
    public struct Key: Sendable, Hashable {
        /// The word in the name of the setting: `twilio_token_file`.
        public var name: String
        /// For the setting's summary: `Auth tokens`.
        public var plural: String
        /// For the setting's summary: `callback`.
        public var signs: String

        public init(name: String, plural: String, signs: String) {
            self.name = name
            self.plural = plural
            self.signs = signs
        }
    }

    public var payload: Payload
    public var signature: Signature
    public var key: Key
    /// Whether the documents say that webhooks are signed; where they do not, one may come without.
    public var isSignatureDocumented = true
    public var acceptsGET: Bool
    /// What is received, for the setting of the path.
    public var summary: String

    public init(
        payload: Payload, signature: Signature, key: Key, isSignatureDocumented: Bool = true, acceptsGET: Bool,
        summary: String
    ) {
        self.payload = payload
        self.signature = signature
        self.key = key
        self.isSignatureDocumented = isSignatureDocumented
        self.acceptsGET = acceptsGET
        self.summary = summary
    }
}
