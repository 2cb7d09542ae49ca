import Logging
import SidetoneCallControl
import SidetonePlatforms
import SidetoneSignatures

@testable import SidetoneWebhooks

let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

/// 2026-03-04T09:15:07Z.
let sentAt = 1_772_615_707.0

let signer = WebhookSignature(key: Secret("sidetone-demo-secret"))

func webhookBody(_ event: String = "call.answered", call: String = "call_demo7") -> [UInt8] {
    Array(
        """
        {"event":"\(event)","created_at":"2026-03-04T09:15:07Z","call":{"id":"\(call)","customer_id":"cust_d",\
        "status":"in_progress","direction":"inbound","from":"+4930111222","to":"+4930111223"},\
        "variables":{"pin":"1234"},"data":{"event_key":"\(call):\(event)","digits":"1234","status":"completed"}}
        """.utf8)
}

/// A MiniVoice webhook signed at a given time.
func signed(_ body: [UInt8] = webhookBody(), at time: Int = Int(sentAt)) -> WebhookRequest {
    WebhookRequest(
        method: .post, target: "/webhooks/minivoice",
        headers: [
            "x-minivoice-timestamp": "\(time)",
            "x-minivoice-signature": signer.miniVoice(timestamp: "\(time)", body: body),
        ], body: body)
}

/// A verifier with one key of every platform.
func verifier(_ change: (inout WebhookSourceSettings) -> Void = { _ in }) -> WebhookVerifier {
    var settings = WebhookSourceSettings()
    settings.publicURL = "https://hooks.example.org/"
    change(&settings)
    return WebhookVerifier(
        settings,
        WebhookKeys([
            "minivoice": [Secret("older-secret"), Secret("sidetone-demo-secret")], "signalwire": [Secret("PSK_demo")],
            "twilio": [Secret("demo_auth_token")],
        ]))
}

/// The status of a request; 200 if it is accepted.
func status(
    _ request: WebhookRequest, platform: any Platform.Type, verifier: WebhookVerifier = verifier(), now: Double = sentAt
) -> Int {
    do throws(WebhookError) {
        _ = try verifier.read(request, from: platform, now: now)
        return 200
    } catch { return error.status }
}
