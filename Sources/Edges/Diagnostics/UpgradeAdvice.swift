import SidetoneCallControl
import SidetoneJSON

/// What the answer to an upgrade means, and what to do.
enum UpgradeAdvice {
    /// - Parameter hasToken: whether a token was sent.
    /// - Returns: nil where the upgrade is done.
    static func problem(_ answer: UpgradeProbe.Answer, hasToken: Bool) -> (detail: String, advice: String)? {
        guard !answer.isWebSocket else { return nil }
        return ("answered \(answer.status)\(meaning(answer))", advice(answer, hasToken: hasToken))
    }

    static func problem(_ failure: ProbeFailure) -> (detail: String, advice: String) {
        switch failure {
        case .timedOut:
            (
                "no answer in time",
                "look whether the receiver is overloaded, and whether a proxy in front of it waits for it"
            )
        case .closed:
            (
                "the connection was closed without an answer",
                "look into the receiver's log; a proxy that cannot reach it may do the same"
            )
        case .notHTTP:
            ("what answers is no HTTP", "let the URL's port be the one of the receiver's WebSocket")
        case .tls(let reason):
            ("TLS failed (\(reason))", "a receiver must not ask a platform for a certificate of its own")
        case .name: ("the certificate names somebody else", "use one of its names in the stream URL")
        case .system, .other: ("the connection broke", "look into the receiver's log")
        }
    }

    private static func meaning(_ answer: UpgradeProbe.Answer) -> String {
        switch answer.status {
        case 101: " without the right Sec-WebSocket-Accept"
        case 200..<300:
            answer.contentType?.hasPrefix("text/html") == true ? ": a web page, no WebSocket" : ": no WebSocket"
        case 300..<400: answer.location.map { ": go to \(Quoted.name(WebURL.withoutSecrets($0)))" } ?? ": go elsewhere"
        case 400: ": bad request"
        case 401: ": not authorized"
        case 403: ": forbidden"
        case 404: ": not found"
        case 405: ": method not allowed"
        case 426: ": upgrade required"
        case 429: ": too many requests"
        case 502, 504: ": a proxy could not reach the receiver"
        case 503: answer.retryAfter.map { ": unavailable, try again after \(Quoted.name($0)) s" } ?? ": unavailable"
        default: ""
        }
    }

    private static func advice(_ answer: UpgradeProbe.Answer, hasToken: Bool) -> String {
        switch answer.status {
        case 101: "no WebSocket server answers so; a proxy may have kept an old answer: switch its cache off"
        case 200..<300, 405: "let the stream URL's path be the receiver's (`path` of its websocket source)"
        case 300..<400: "a platform follows no redirect: write where it leads into the stream URL, as wss://"
        case 400, 426:
            "let the proxy pass on Upgrade and Connection (nginx: proxy_http_version 1.1 and "
                + "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\")"
        case 401 where hasToken: "the token is not one that the receiver takes: compare it with its bearer_token_file"
        case 401: "give the receiver's token in SIDETONE_BEARER, or as authorization_bearer_token of the SWML stream"
        case 403: "look for an allow-list of addresses or origins, and for a token, in front of the receiver"
        case 404:
            "nothing is at this path: compare it with `path` of the receiver's websocket source, and with the proxy's routes"
        case 429, 503: "the receiver is full or shuts down: wait, or raise max_streams"
        case 502, 504: "start the receiver, and compare its address with the proxy's upstream"
        default: "look into the receiver's log for this request"
        }
    }
}
