public import NIOCore
public import SidetoneCallControl

/// What an emulated call needs of the world outside.
public protocol CallNetwork: Sendable {
    /// Fetches a document.
    ///
    /// - Throws: why there is none: a sentence.
    func fetch(_ request: DocumentRequest) async throws -> [UInt8]

    /// Opens a stream's socket and sends its messages until they are over.
    ///
    /// - Parameters:
    ///   - startedAt: from when the messages' times count; nil where they do not.
    ///   - opened: told when the receiver took the upgrade.
    func play(
        _ stream: StreamRequest, startedAt: NIODeadline?, opened: @escaping @Sendable () async -> Void,
        _ makeSource: @escaping @Sendable () throws -> any MessageSource
    ) async -> PlayReport
}

/// A document to fetch.
public struct DocumentRequest: Sendable, Hashable {
    public var url: String
    public var method: WebMethod
    /// JSON; nil for none.
    public var body: [UInt8]?
    /// HTTP redirects that may be followed.
    public var mostRedirects: Int

    public init(url: String, method: WebMethod, body: [UInt8]? = nil, mostRedirects: Int = CallFlow.mostRedirects) {
        self.url = url
        self.method = method
        self.body = body
        self.mostRedirects = mostRedirects
    }
}
