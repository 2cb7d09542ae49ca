import NIOCore
import NIOEmbedded
import NIOHTTP1
import SidetoneCallControl
import SidetonePipeline
import SidetoneSignatures
import SidetoneWebSocket
import Testing

@testable import SidetoneServer

@Suite struct UpgradeAdmissionTests {
    private let loop = EmbeddedEventLoop()

    private func admission(
        _ authenticators: [any UpgradeAuthenticator] = [], streams: Int = 4, perAddress: Int = 4,
        change: (inout WebSocketSourceSettings) -> Void = { _ in }
    ) -> (UpgradeAdmission, ServerStatus) {
        var settings = WebSocketSourceSettings()
        change(&settings)
        let status = ServerStatus(limit: streams, perAddress: perAddress)
        return (UpgradeAdmission(settings, authenticators: authenticators, status: status), status)
    }

    private func request(
        _ target: String = "/media", headers: HTTPHeaders = [:], from address: String = "192.0.2.1"
    ) -> WebSocketServer.Request {
        WebSocketServer.Request(
            path: String(target.prefix { $0 != "?" }), target: target, headers: headers, address: address,
            eventLoop: loop)
    }

    private func status(_ result: Result<UpgradeAdmission.Admitted, UpgradeRejection>) -> UInt {
        switch result {
        case .success: 101
        case .failure(let rejection): rejection.status.code
        }
    }

    private let tokens = BearerTokenAuthenticator { ["one"] }
    private let twilio = TwilioUpgradeAuthenticator(publicURL: "wss://media.example.org") {
        [Secret("demo_auth_token")]
    }
    /// Of wss://media.example.org/media, by `openssl dgst -sha1 -hmac demo_auth_token -binary | base64`.
    private let signature = "/h1qmXY+T8BcFlf6kXemSpmNjZs="

    @Test(arguments: ["https://evil.example", "null", "http://localhost:8080", "https://app.example.com:444"])
    func `a web page of another origin is refused with 403, whatever its credentials`(origin: String) {
        let (admission, counts) = admission([tokens]) { $0.allowedOrigins = ["https://app.example.com"] }
        let head: HTTPHeaders = ["Origin": origin, "Authorization": "Bearer one"]
        #expect(status(admission.decide(on: request("/media", headers: head))) == 403)
        #expect(counts.counts.forbidden == 1 && counts.counts.streamsOpen == 0)
    }

    @Test(arguments: [
        ("media.example.com", 101), ("MEDIA.example.com:8443", 101), ("[2001:db8::7]:443", 101), ("192.0.2.7", 101),
        ("evil.example", 403), ("media.example.com.evil.example", 403), ("media.example.com@evil", 403), (nil, 403),
    ])
    func `with allowed_hosts, an upgrade for another host is refused with 403`(host: String?, code: UInt) {
        let (admission, counts) = admission([tokens]) {
            $0.allowedHosts = ["Media.example.com", "[2001:db8::7]", "192.0.2.7"]
        }
        var head: HTTPHeaders = ["Authorization": "Bearer one"]
        if let host { head.add(name: "Host", value: host) }
        #expect(status(admission.decide(on: request("/media", headers: head))) == code)
        #expect(counts.counts.forbidden == (code == 403 ? 1 : 0))
    }

    @Test func `without allowed_hosts any host may be asked for`() {
        let (admission, _) = admission()
        #expect(status(admission.decide(on: request("/media", headers: ["Host": "whatever.example:1"]))) == 101)
    }

    @Test func `an allowed page is let in, and a second Origin beside it is not`() {
        let (admission, _) = admission { $0.allowedOrigins = ["https://app.example.com"] }
        let good = ("Origin", "https://App.example.com")
        #expect(status(admission.decide(on: request("/media", headers: HTTPHeaders([good])))) == 101)
        let both = HTTPHeaders([good, ("Origin", "https://evil.example")])
        #expect(status(admission.decide(on: request("/media", headers: both))) == 403)
    }

    @Test func `one of several credentials is enough, none is not, and a forged one is always refused`() {
        let (admission, counts) = admission([tokens, twilio], streams: 100, perAddress: 100)
        func code(_ headers: HTTPHeaders) -> UInt { status(admission.decide(on: request("/media", headers: headers))) }
        #expect(code(["Authorization": "Bearer one"]) == 101)
        #expect(code(["X-Twilio-Signature": signature]) == 101)
        #expect(code(["X-Twilio-Signature": signature, "Authorization": "Bearer one"]) == 101)
        #expect(code([:]) == 401)
        #expect(code(["X-Twilio-Signature": "AAAA"]) == 401)
        #expect(code(["X-Twilio-Signature": "AAAA", "Authorization": "Bearer one"]) == 401)
        #expect(counts.counts.unauthorized == 3)
    }

    @Test
    func `a call token admits one stream, in the header or the path, and is not consumed while the server is full`() {
        let key = CallTokenKey()
        let calls = CallTokenAuthenticator(key: key, maxLifetimeS: 300, now: { 100 })
        let (admission, counts) = admission([calls], streams: 1)
        let token = key.mint(call: "call-1", now: 100, lifetimeS: 60)
        let other = key.mint(call: "call-2", now: 100, lifetimeS: 60)
        guard case .success(let first) = admission.decide(on: request("/media/\(token)")) else {
            Issue.record("a fresh token opens")
            return
        }
        #expect(first.call?.matches(call: "call-1") == true && first.call?.matches(call: "call-2") == false)
        let bearer: HTTPHeaders = ["Authorization": "Bearer \(other)"]
        #expect(status(admission.decide(on: request("/media", headers: bearer))) == 503)
        first.slot.release()
        #expect(status(admission.decide(on: request("/media/\(token)"))) == 401)
        #expect(counts.counts.streamsOpen == 0)
        #expect(status(admission.decide(on: request("/media", headers: bearer))) == 101)
    }

    @Test(arguments: ["/other", "/media/", "/media/a/b", "/mediaa", "/media/token"])
    func `another path is 404 if no tokens are required`(target: String) {
        let (admission, _) = admission()
        #expect(status(admission.decide(on: request(target))) == 404)
    }

    @Test func `one address has a share of the streams, which is restored`() throws {
        let (admission, counts) = admission(streams: 10, perAddress: 2)
        let first = try admission.decide(on: request()).get()
        let second = try admission.decide(on: request()).get()
        guard case .failure(let refusal) = admission.decide(on: request()) else {
            Issue.record("a third stream of one address")
            return
        }
        #expect(refusal.status == .serviceUnavailable && refusal.headers["Retry-After"] == ["5"])
        #expect(counts.counts.addressFull == 1)
        let other = try admission.decide(on: request(from: "192.0.2.2")).get()
        first.slot.release()
        let third = try admission.decide(on: request()).get()
        for place in [second.slot, other.slot, third.slot] { place.release() }
        #expect(counts.counts.streamsOpen == 0)
    }

    @Test func `behind a trusted proxy the client counts, and its own claims are ignored`() throws {
        let (admission, _) = admission(streams: 10, perAddress: 1) { $0.trustedProxies = ["10.0.0.0/8"] }
        func decide(_ forwarded: String, from address: String) -> UInt {
            status(admission.decide(on: request("/media", headers: ["X-Forwarded-For": forwarded], from: address)))
        }
        // The slots are released immediately, because nobody keeps them.
        let kept = try admission.decide(
            on: request("/media", headers: ["X-Forwarded-For": "198.51.100.1"], from: "10.0.0.1")
        ).get()
        #expect(decide("203.0.113.7, 198.51.100.1, 10.0.0.9", from: "10.0.0.1") == 503)
        #expect(decide("198.51.100.1:4711", from: "10.0.0.1") == 503)
        #expect(decide("198.51.100.1, 198.51.100.2", from: "10.0.0.1") == 101)
        // Not a trusted proxy: its header is ignored.
        #expect(decide("198.51.100.1", from: "192.0.2.9") == 101)
        kept.slot.release()
    }
}
