package import NIOCore
package import SidetoneCallControl
package import SidetonePlayback

/// The network operations of an emulated call.
package protocol CallNetwork: Sendable {
    /// Fetches a document.
    /// - Throws: the reason of a failure, as a sentence.
    func fetch(_ request: DocumentRequest) async throws -> [UInt8]

    /// Opens a stream's socket and sends its messages to their end.
    ///
    /// - Parameters:
    /// - startedAt: the origin of the messages' times; nil if they are not paced.
    /// - opened: called when the receiver accepts the upgrade.
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
    /// Maximum number of HTTP redirects.
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
