package import NIOCore
package import SidetoneCallControl
package import SidetonePlayback

/// What an emulated call needs of the world outside.
package protocol CallNetwork: Sendable {
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
        makeSource: @escaping @Sendable () throws -> any MessageSource
    ) async -> PlaybackResult
}

/// A document to fetch.
package struct DocumentRequest: Sendable, Hashable {
    package var url: String
    package var method: WebMethod
    /// JSON; nil for none.
    package var body: [UInt8]?
    /// HTTP redirects that may be followed.
    package var mostRedirects: Int

    package init(
        url: String, method: WebMethod, body: [UInt8]? = nil, mostRedirects: Int = CallStateMachine.mostRedirects
    ) {
        self.url = url
        self.method = method
        self.body = body
        self.mostRedirects = mostRedirects
    }
}
