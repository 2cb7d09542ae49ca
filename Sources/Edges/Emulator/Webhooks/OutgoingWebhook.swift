package import SidetoneCallControl
import SidetoneHTTP
import SidetoneSignatures

/// A message from the platform to its customer: a webhook or a status callback, with its retries.
package struct OutgoingWebhook: Sendable, Hashable {
    /// Its call: messages of one call reach a receiver in order.
    package var callID: String
    /// Its name in reports: `call.answered`, `calling.call.stream streaming`.
    package var label: String
    package var method: WebMethod
    package var url: String
    /// JSON; none with GET.
    package var body: [UInt8]
    /// Signs every attempt, as MiniVoice does; nil for none.
    package var secret: Secret?

    /// A MiniVoice webhook.
    /// - Parameter secret: the application's secret, if any.
    package init(_ webhook: MiniVoiceWebhook, to url: String, secret: Secret?) {
        callID = webhook.call.id
        label = webhook.event.rawValue
        method = .post
        self.url = url
        body = webhook.write()
        self.secret = secret
    }

    /// A status callback of SignalWire. With GET its fields are in the query, **assumed**: see `assumedQuery`.
    package init(_ status: StreamStatus, to url: String, method: WebMethod) {
        callID = status.callID
        label = "\(StreamStatus.eventType) \(status.state.rawValue)"
        self.method = method
        secret = nil
        switch method {
        case .post:
            self.url = url
            body = status.write()
        case .get:
            let query = String(decoding: status.assumedQuery.write(), as: UTF8.self)
            let place = url.firstIndex(of: "#") ?? url.endIndex
            self.url = url[..<place] + (url[..<place].contains("?") ? "&" : "?") + query
            body = []
        }
    }

    /// The request of one attempt.
    /// - Parameter unixSeconds: the current time; each attempt has a new signature, so that a late one is not rejected
    ///   as a replay.
    func request(unixSeconds: Int) -> WebRequest {
        var headers: [(name: String, value: String)] = [("User-Agent", "Sidetone")]
        if method == .post { headers.append(("Content-Type", "application/json")) }
        if let secret {
            let timestamp = String(unixSeconds)
            headers.append(("X-MiniVoice-Timestamp", timestamp))
            headers.append(
                (
                    "X-MiniVoice-Signature",
                    WebhookSignature(key: secret).miniVoice(timestamp: timestamp, body: body)
                ))
        }
        return WebRequest(method.rawValue, url, headers: headers, body: body)
    }

    /// Scheme, host and port of the receiver, without possible secrets.
    var receiver: String {
        guard let parts = WebURL(url) else { return "an unusable address" }
        return "\(parts.scheme)://\(parts.host)\(parts.port.map { ":\($0)" } ?? "")"
    }
}
