public import SidetoneCallControl
public import SidetoneJSON

/// A voice platform: its wire dialect, signatures, documents and identifiers.
///
/// To add one: a folder with a type, a capture in `Samples/streams/<name>/`, and a line in `PlatformCatalog`.
public protocol Platform: Dialect {
    /// The name as the platform writes it, for messages.
    static var title: String { get }
    /// How the platform signs its upgrade requests; nil where it does not.
    static var upgradeSignature: UpgradeSignature? { get }
    /// The webhooks that the platform sends; nil where none of them is read.
    static var webhooks: WebhookProfile? { get }
    /// How the platform requests the document of a call.
    static var documents: DocumentProfile { get }

    /// What the id of a call begins with when `sidetone doctor` made the call up to test a receiver: the form of the
    /// platform's ids, and a mark.
    static var probeCallPrefix: String { get }
    /// Ids in the platform's form.
    static func identifiers(from source: inout IdentifierSource) -> CallIdentifiers

    /// The object that describes a call in a request for its document.
    ///
    /// - Parameter state: of the call: `created`, `answered`.
    static func documentFields(of call: WebhookCall, state: String) -> JSONObject
    /// The body of a request for a document.
    static func documentBody(call: JSONObject, variables: JSONObject) -> JSONObject
}

extension Platform {
    public static var upgradeSignature: UpgradeSignature? { nil }
    public static var webhooks: WebhookProfile? { nil }
    public static var documents: DocumentProfile { DocumentProfile() }

    /// MiniVoice's form, which is assumed: nothing is documented.
    public static func documentFields(of call: WebhookCall, state: String) -> JSONObject {
        var fields = [JSONMember("id", .text(call.id)), JSONMember("direction", .text(call.direction.rawValue))]
        if let from = call.from { fields.append(JSONMember("from", .text(from))) }
        if let to = call.to { fields.append(JSONMember("to", .text(to))) }
        return JSONObject(fields)
    }

    public static func documentBody(call: JSONObject, variables: JSONObject) -> JSONObject {
        JSONObject([JSONMember("call", .object(call)), JSONMember("variables", .object(variables))])
    }

    /// The body of the platform's requests for call documents.
    public static func documentRequest(
        for call: WebhookCall, variables: [String: String], state: String = "created"
    ) -> [UInt8] {
        let values = variables.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) }
        return JSONWriter.bytes(
            of: .object(
                documentBody(call: documentFields(of: call, state: state), variables: JSONObject(values))))
    }

    /// The values of `${call.…}` in documents: the texts of the object that describes the call.
    public static func documentFacts(of call: WebhookCall) -> [String: String] {
        let members = documentFields(of: call, state: "answered").members
        return Dictionary(members.map { ($0.name, $0.value) }) { $1 }.compactMapValues { value in
            if case .text(let text) = value { text } else { nil }
        }
    }
}

/// How a platform signs upgrade requests. What computes it is in `SidetoneSignatures`.
public enum UpgradeSignature: String, Sendable {
    /// `X-Twilio-Signature`: HMAC-SHA1 of the public URL.
    case urlHMAC

    /// The header field that carries it.
    public var header: String {
        switch self {
        case .urlHMAC: "X-Twilio-Signature"
        }
    }
}

/// How a platform signs requests for documents.
public enum DocumentSignature: String, Sendable {
    /// `X-Signalwire-Signature`: HMAC of the URL followed by the body.
    case urlAndBodyHMAC
}

/// The documents with which a platform is controlled, and how it requests them.
public struct DocumentProfile: Sendable, Hashable {
    /// The platform's own language; nil where Sidetone reads none of it.
    public var language: DocumentLanguage?
    /// The method of requests to an `answer_url`.
    public var method: WebMethod
    /// How those that are posted are signed; nil where they are not.
    public var signature: DocumentSignature?

    public init(
        language: DocumentLanguage? = nil, method: WebMethod = .get, signature: DocumentSignature? = nil
    ) {
        self.language = language
        self.method = method
        self.signature = signature
    }
}
