import SidetoneModel
import Testing

@testable import SidetoneMonitor

@Suite struct AccessPolicyTests {
    private func accessPolicy(_ listen: String = "127.0.0.1:8080", hosts: [String] = [], tokens: [String] = [])
        -> AccessPolicy
    {
        AccessPolicy(
            ListenAddress(listen) ?? ListenAddress(host: "", port: 0), allowedHosts: hosts, tokens: tokens,
            sessions: Sessions())
    }

    private func verdict(
        _ accessPolicy: AccessPolicy, host: String?, origin: String? = nil, path: String = "/v1/status",
        authorization: String? = nil, cookie: String? = nil
    ) -> AccessPolicy.Verdict {
        accessPolicy.verdict(
            on: .init(path: path, host: host, origin: origin, authorization: authorization, cookie: cookie))
    }

    private func isForbidden(_ verdict: AccessPolicy.Verdict) -> Bool {
        if case .forbidden = verdict { return true }
        return false
    }

    @Test(arguments: ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:9999", "[::1]:8080", "127.0.0.1"])
    func `loopback is reached under its own names`(_ host: String) {
        #expect(verdict(accessPolicy(), host: host) == .allowed)
    }

    // DNS rebinding: the name of the attacker's page is bound to 127.0.0.1; the browser sends that name.
    @Test(arguments: [
        "evil.example", "127.0.0.1.evil.example:8080", "localhost.evil.example", "", ":8080", "192.168.1.2",
        "127.0.0.1:8080@evil.example", "localhost@evil.example", "[::1]evil.example", "[::1]:8080@evil",
        "localhost:80:90",
        "127.0.0.1:http", "localhost/evil.example", "localhost, evil.example",
    ])
    func `another name is refused, whatever address it resolves to`(_ host: String) {
        #expect(isForbidden(verdict(accessPolicy(), host: host)))
        #expect(isForbidden(verdict(accessPolicy(), host: nil)))
    }

    @Test(arguments: [
        "http://evil.example", "https://localhost.evil.example", "null", "http://localhost:3000", "file://",
        "127.0.0.1:8080", "http://localhost:8080@evil.example", "http://localhost:8080/",
        "http://localhost:8080.evil.example",
    ])
    func `a page of another origin is refused`(_ origin: String) {
        #expect(isForbidden(verdict(accessPolicy(), host: "localhost:8080", origin: origin, path: "/v1/live")))
    }

    @Test func `its own pages are let in`() {
        #expect(verdict(accessPolicy(), host: "localhost:8080", origin: "http://localhost:8080") == .allowed)
        let named = accessPolicy("0.0.0.0:80", hosts: ["monitor.example.com"], tokens: [])
        #expect(verdict(named, host: "monitor.example.com", origin: "https://monitor.example.com") == .allowed)
        #expect(verdict(named, host: "192.168.1.2") == .allowed)
        #expect(isForbidden(verdict(named, host: "evil.example")))
    }

    @Test func `a token grants access, as bearer or through a session`() {
        let accessPolicy = accessPolicy(tokens: ["first-token", "second-token"])
        #expect(verdict(accessPolicy, host: "localhost") == .unauthorized)
        #expect(verdict(accessPolicy, host: "localhost", authorization: "Bearer second-token") == .allowed)
        #expect(verdict(accessPolicy, host: "localhost", authorization: "bearer first-token") == .allowed)
        for wrong in ["Bearer first-toke", "Bearer first-token2", "Bearer ", "Basic first-token", "first-token"] {
            #expect(verdict(accessPolicy, host: "localhost", authorization: wrong) == .unauthorized)
        }
        let session = accessPolicy.sessions.open()
        #expect(verdict(accessPolicy, host: "localhost", cookie: "a=b; sidetone_session=\(session)") == .allowed)
        #expect(verdict(accessPolicy, host: "localhost", cookie: "sidetone_session=\(session)0") == .unauthorized)
        #expect(verdict(accessPolicy, host: "localhost", cookie: "sidetone_session=") == .unauthorized)
    }

    @Test func `only probes and the login page need no token`() {
        let accessPolicy = accessPolicy(tokens: ["token"])
        for path in ["/login", "/assets/css/base.css"] {
            #expect(verdict(accessPolicy, host: "localhost", path: path) == .allowed)
        }
        for path in ["/healthz", "/readyz"] { #expect(verdict(accessPolicy, host: "10.1.2.3", path: path) == .allowed) }
        for path in ["/", "/metrics", "/v1/live", "/v1/events", "/login/", "/assets", "/healthz/"] {
            #expect(verdict(accessPolicy, host: "localhost", path: path) == .unauthorized)
        }
    }

    @Test func `sessions expire, and their number is limited`() {
        let clock = ManualInstant()
        let sessions = Sessions { clock.now }
        let first = sessions.open()
        #expect(sessions.isOpen(first))
        clock.advance(by: Sessions.lifetime + .seconds(1))
        #expect(!sessions.isOpen(first))
        let second = sessions.open()
        for _ in 0..<Sessions.limit { _ = sessions.open() }
        #expect(!sessions.isOpen(second))
    }

    @Test func `invalid tokens are limited per minute`() {
        let clock = ManualInstant()
        let sessions = Sessions { clock.now }
        for _ in 0..<Sessions.failureLimit {
            #expect(sessions.allowsAttempt)
            sessions.countFailure()
        }
        #expect(!sessions.allowsAttempt)
        clock.advance(by: .seconds(61))
        #expect(sessions.allowsAttempt)
    }

    @Test(arguments: [
        "https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a b", "/a\r\nSet-Cookie: x",
    ])
    func `signing in never redirects to another site`(_ path: String) { #expect(Monitor.safePath(path) == "/") }

    @Test func `signing in redirects to the requested page`() {
        #expect(Monitor.safePath("/calls/CA1?x=1") == "/calls/CA1?x=1")
    }
}
