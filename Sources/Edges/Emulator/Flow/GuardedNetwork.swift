import Foundation
package import NIOCore
package import SidetoneCallControl
package import SidetoneHTTP
package import SidetonePlayback
import SidetoneSignatures
package import SidetoneWebSocket

/// The real network behind a guard: every address named by a document, a response or a redirect is checked before
/// connecting.
package struct GuardedNetwork: CallNetwork {
    private let web: GuardedHTTPClient
    private let sockets: WebSocketClient
    private let pace: Pace
    private let bearer: Secret?
    private let bearerStaysHere: Bool
    private let signingKey: Secret?

    /// - Parameters:
    /// - bearer: sent to streams without their own token.
    /// - bearerStaysHere: sends it on loopback only, regardless of the host that a document names.
    /// - signingKey: signs POST requests for documents, as SignalWire does; nil for no signature.
    package init(
        web: GuardedHTTPClient, sockets: WebSocketClient, pace: Pace, bearer: Secret? = nil,
        bearerStaysHere: Bool = false, signingKey: Secret? = nil
    ) {
        self.bearerStaysHere = bearerStaysHere
        self.web = web
        self.sockets = sockets
        self.pace = pace
        self.bearer = bearer
        self.signingKey = signingKey
    }

    package func fetch(_ request: DocumentRequest) async throws -> [UInt8] {
        var (url, method, body) = (request.url, request.method, request.body)
        for _ in 0...request.mostRedirects {
            var headers: [(name: String, value: String)] = [("Accept", "application/json")]
            if let body {
                headers.append(("Content-Type", "application/json"))
                if let signingKey {
                    headers += Self.signatures(WebhookSignature(key: signingKey), url: url, body: body)
                }
            }
            let answer = try await web.send(WebRequest(method.rawValue, url, headers: headers, body: body ?? []))
            if answer.isSuccess { return answer.body }
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer[header: "Location"],
                let next = URL(string: location, relativeTo: URL(string: url))?.absoluteString
            else { throw FetchError("the answer has status \(answer.status); a document comes with 2xx") }
            url = next
            // RFC 9110 §15.4: the first three may become GET, the others keep their method.
            if answer.status < 304 { (method, body) = (.get, nil) }
        }
        throw FetchError("the answer redirects more than \(request.mostRedirects) times")
    }

    /// The signature headers of a request: over the URL without credentials, and the body.
    private static func signatures(
        _ signature: WebhookSignature, url: String, body: [UInt8]
    ) -> [(name: String, value: String)] {
        [
            ("X-Signalwire-Signature", signature.signalWire(.sha1, url: url, body: body)),
            ("X-Signalwire-SHA256-Signature", signature.signalWire(.sha256, url: url, body: body)),
        ]
    }

    /// The token for a stream without its own.
    func bearer(for addresses: [SocketAddress]) -> Secret? {
        !bearerStaysHere || addresses.allSatisfy { AddressKind($0) == .loopback } ? bearer : nil
    }

    package func play(
        _ stream: StreamRequest, startedAt: NIODeadline?, opened: @escaping @Sendable () async -> Void,
        makeSource: @escaping @Sendable () throws -> any MessageSource
    ) async -> PlaybackResult {
        do {
            let destination = try await web.gate.check(stream.url)
            let token = stream.bearerToken ?? bearer(for: destination.addresses)
            let player = MessagePlayer(
                client: sockets, url: try WebSocketURL(stream.url), addresses: destination.addresses,
                headers: token.map { [("Authorization", "Bearer \($0.value)")] } ?? [], pace: pace,
                startedAt: startedAt)
            return await player.play(opened: opened, makeSource)
        } catch { return PlaybackResult(failure: "\(error)") }
    }
}

/// Why a document could not be fetched. Does not repeat its URL.
struct FetchError: Error, Hashable, CustomStringConvertible {
    var detail: String
    init(_ detail: String) { self.detail = detail }
    var description: String { detail }
}
