import SidetoneCallControl
import SidetoneJSON

/// Interprets the response to an upgrade, with advice.
enum UpgradeAdvice {
    /// - Parameter hasToken: whether a token was sent.
    /// - Returns: nil if the upgrade succeeded.
    static func problem(_ answer: UpgradeProbe.Answer, hasToken: Bool) -> (detail: String, advice: String)? {
        guard !answer.isWebSocket else { return nil }
        return ("answered \(answer.status)\(meaning(answer))", advice(answer, hasToken: hasToken))
    }

    static func problem(_ failure: ProbeFailure) -> (detail: String, advice: String) {
        switch failure {
        case .timedOut:
            (
                "no response in time",
                "check whether the receiver, or a proxy in front of it, is overloaded"
            )
        case .closed:
            (
                "the connection was closed without a response",
                "check the receiver's log; a proxy that cannot reach it has the same effect"
            )
        case .notHTTP:
            ("the response is not HTTP", "use the port of the receiver's WebSocket in the URL")
        case .tls(let reason):
            ("TLS failed (\(reason))", "a receiver must not require client certificates from platforms")
        case .name: ("the certificate is for another name", "use one of its names in the stream URL")
        case .system, .other: ("the connection failed", "check the receiver's log")
        }
    }

    private static func meaning(_ answer: UpgradeProbe.Answer) -> String {
        switch answer.status {
        case 101: " without the right Sec-WebSocket-Accept"
        case 200..<300:
            answer.contentType?.hasPrefix("text/html") == true ? ": a web page, not a WebSocket" : ": not a WebSocket"
        case 300..<400:
            answer.location.map { ": redirect to \(Quoted.name(WebURL.withoutSecrets($0)))" } ?? ": redirect"
        case 400: ": bad request"
        case 401: ": not authorized"
        case 403: ": forbidden"
        case 404: ": not found"
        case 405: ": method not allowed"
        case 426: ": upgrade required"
        case 429: ": too many requests"
        case 502, 504: ": a proxy could not reach the receiver"
        case 503: answer.retryAfter.map { ": unavailable, retry after \(Quoted.name($0)) s" } ?? ": unavailable"
        default: ""
        }
    }

    private static func advice(_ answer: UpgradeProbe.Answer, hasToken: Bool) -> String {
        switch answer.status {
        case 101: "no WebSocket server responds like this; a proxy may have cached a response: disable its cache"
        case 200..<300, 405: "use the receiver's path (`path` of its websocket source) in the stream URL"
        case 300..<400: "platforms do not follow redirects: use its target as the stream URL, with wss://"
        case 400, 426:
            "forward Upgrade and Connection in the proxy (nginx: proxy_http_version 1.1 and "
                + "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\")"
        case 401 where hasToken: "the receiver does not accept the token: compare it with its bearer_token_file"
        case 401: "set the receiver's token in SIDETONE_BEARER, or as authorization_bearer_token of the SWML stream"
        case 403: "check for an allow-list of addresses or origins, or a token, in front of the receiver"
        case 404:
            "compare the path with `path` of the receiver's websocket source, and with the proxy's routes"
        case 429, 503: "the receiver is full or shutting down: wait, or raise max_streams"
        case 502, 504: "start the receiver, and compare its address with the proxy's upstream"
        default: "check the receiver's log for this request"
        }
    }
}
