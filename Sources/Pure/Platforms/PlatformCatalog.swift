public import SidetoneCallControl

/// Every platform that a pipeline file or a command may name.
public enum PlatformCatalog {
    /// One line each, in alphabetical order, to avoid merge conflicts.
    public static let all: [any Platform.Type] = [
        MiniVoice.self,
        SignalWire.self,
        Twilio.self,
        Vonage.self,
    ]

    /// The default for emulation.
    public static let standard: any Platform.Type = Twilio.self

    public static func named(_ name: String) -> (any Platform.Type)? { all.first { $0.name == name } }

    /// For messages: `minivoice, signalwire, …`.
    public static var names: String { all.map { $0.name }.joined(separator: ", ") }

    /// The platform whose own language a document is in.
    public static func platform(of language: DocumentLanguage) -> (any Platform.Type)? {
        all.first { $0.documents.language == language }
    }

    /// Whether `sidetone doctor` made up the call with this id, on any platform.
    public static func isProbe(callID: String) -> Bool { all.contains { callID.hasPrefix($0.probeCallPrefix) } }

    /// The subprotocol to accept: the first that the platform offers and a dialect knows; nil where there is none.
    ///
    /// - Parameter dialect: the name of the only dialect that counts; nil: all of them.
    public static func subprotocol(for opening: Opening, dialect: String?) -> String? {
        let known = all.filter { dialect == nil || $0.name == dialect }.flatMap { $0.profile.subprotocols }
        return opening.subprotocols.first { known.contains($0) }
    }
}

extension PlatformCatalog {
    /// The platforms whose webhooks are read.
    public static let withWebhooks: [(platform: any Platform.Type, webhooks: WebhookProfile)] = all.compactMap {
        platform in platform.webhooks.map { (platform, $0) }
    }
}
