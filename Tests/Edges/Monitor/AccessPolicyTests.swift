import SidetoneModel
import Testing

@testable import SidetoneMonitor

@Suite struct AccessPolicyTests {
    private func gate(_ listen: String = "127.0.0.1:8080", hosts: [String] = [], tokens: [String] = []) -> AccessPolicy
    {
        AccessPolicy(
            ListenAddress(listen) ?? ListenAddress(host: "", port: 0), allowedHosts: hosts, tokens: tokens,
            sessions: Sessions())
    }

    private func verdict(
        _ gate: AccessPolicy, host: String?, origin: String? = nil, path: String = "/v1/status",
        authorization: String? = nil, cookie: String? = nil
    ) -> AccessPolicy.Verdict {
        gate.verdict(
            on: .init(path: path, host: host, origin: origin, authorization: authorization, cookie: cookie))
    }

    private func isForbidden(_ verdict: AccessPolicy.Verdict) -> Bool {
        if case .forbidden = verdict { return true }
        return false
    }

    @Test(arguments: ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:9999", "[::1]:8080", "127.0.0.1"])
    func `loopback is reached under its own names`(_ host: String) {
        #expect(verdict(gate(), host: host) == .allowed)
    }

    // DNS rebinding: the name of the attacker's page is bound to 127.0.0.1; the browser sends that name.
    @Test(arguments: [
        "evil.example", "127.0.0.1.evil.example:8080", "localhost.evil.example", "", ":8080", "192.168.1.2",
        "127.0.0.1:8080@evil.example", "localhost@evil.example", "[::1]evil.example", "[::1]:8080@evil",
        "localhost:80:90",
        "127.0.0.1:http", "localhost/evil.example", "localhost, evil.example",
    ])
    func `another name is refused, wherever it is bound to`(_ host: String) {
        #expect(isForbidden(verdict(gate(), host: host)))
        #expect(isForbidden(verdict(gate(), host: nil)))
    }

    @Test(arguments: [
        "http://evil.example", "https://localhost.evil.example", "null", "http://localhost:3000", "file://",
        "127.0.0.1:8080", "http://localhost:8080@evil.example", "http://localhost:8080/",
        "http://localhost:8080.evil.example",
    ])
    func `a page of another origin is refused`(_ origin: String) {
        #expect(isForbidden(verdict(gate(), host: "localhost:8080", origin: origin, path: "/v1/live")))
    }

    @Test func `its own pages are let in`() {
        #expect(verdict(gate(), host: "localhost:8080", origin: "http://localhost:8080") == .allowed)
        let named = gate("0.0.0.0:80", hosts: ["monitor.example.com"], tokens: [])
        #expect(verdict(named, host: "monitor.example.com", origin: "https://monitor.example.com") == .allowed)
        #expect(verdict(named, host: "192.168.1.2") == .allowed)
        #expect(isForbidden(verdict(named, host: "evil.example")))
    }

    @Test func `a token opens, as bearer or as a session`() {
        let gate = gate(tokens: ["first-token", "second-token"])
        #expect(verdict(gate, host: "localhost") == .unauthorized)
        #expect(verdict(gate, host: "localhost", authorization: "Bearer second-token") == .allowed)
        #expect(verdict(gate, host: "localhost", authorization: "bearer first-token") == .allowed)
        for wrong in ["Bearer first-toke", "Bearer first-token2", "Bearer ", "Basic first-token", "first-token"] {
            #expect(verdict(gate, host: "localhost", authorization: wrong) == .unauthorized)
        }
        let session = gate.sessions.open()
        #expect(verdict(gate, host: "localhost", cookie: "a=b; sidetone_session=\(session)") == .allowed)
        #expect(verdict(gate, host: "localhost", cookie: "sidetone_session=\(session)0") == .unauthorized)
        #expect(verdict(gate, host: "localhost", cookie: "sidetone_session=") == .unauthorized)
    }

    @Test func `probes and what is needed to sign in are open, and only those`() {
        let gate = gate(tokens: ["token"])
        for path in ["/login", "/assets/css/base.css"] {
            #expect(verdict(gate, host: "localhost", path: path) == .allowed)
        }
        for path in ["/healthz", "/readyz"] { #expect(verdict(gate, host: "10.1.2.3", path: path) == .allowed) }
        for path in ["/", "/metrics", "/v1/live", "/v1/events", "/login/", "/assets", "/healthz/"] {
            #expect(verdict(gate, host: "localhost", path: path) == .unauthorized)
        }
    }

    @Test func `a session ends after its time, and there are never too many`() {
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

    @Test func `wrong tokens are limited, and the limit passes`() {
        let clock = ManualInstant()
        let sessions = Sessions { clock.now }
        for _ in 0..<Sessions.failureLimit {
            #expect(sessions.takesGuess)
            sessions.countFailure()
        }
        #expect(!sessions.takesGuess)
        clock.advance(by: .seconds(61))
        #expect(sessions.takesGuess)
    }

    @Test(arguments: [
        "https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a b", "/a\r\nSet-Cookie: x",
    ])
    func `after signing in nobody is sent elsewhere`(_ path: String) { #expect(Monitor.safePath(path) == "/") }

    @Test func `after signing in one is sent to where one wanted`() {
        #expect(Monitor.safePath("/calls/CA1?x=1") == "/calls/CA1?x=1")
    }
}
