import Testing

@testable import SidetoneDiagnostics

@Suite struct UpgradeAdviceTests {
    private func problem(
        _ status: Int, hasToken: Bool = false, change: (inout UpgradeProbe.Answer) -> Void = { _ in }
    ) -> (detail: String, advice: String)? {
        var answer = UpgradeProbe.Answer(status: status)
        change(&answer)
        return UpgradeAdvice.problem(answer, hasToken: hasToken)
    }

    @Test(arguments: [
        (401, "answered 401: not authorized", "SIDETONE_BEARER"), (403, "answered 403: forbidden", "allow-list"),
        (404, "answered 404: not found", "path"), (426, "answered 426: upgrade required", "proxy_set_header Upgrade"),
        (400, "answered 400: bad request", "proxy_set_header Upgrade"),
        (503, "answered 503: unavailable", "max_streams"),
        (502, "answered 502: a proxy could not reach the receiver", "upstream"),
        (200, "answered 200: not a WebSocket", "path"), (418, "answered 418", "log"),
        (101, "answered 101 without the right Sec-WebSocket-Accept", "cache"),
    ])
    func `each status is explained, and says what to do`(_ status: Int, detail: String, advice: String) {
        #expect(problem(status)?.detail == detail)
        #expect(problem(status)?.advice.contains(advice) == true)
    }

    @Test func `a redirect is reported without its query, which may contain a token`() {
        let problem = problem(302) { $0.location = "https://elsewhere.example/in" }
        #expect(problem?.detail == "answered 302: redirect to \"https://elsewhere.example/in\"")
    }

    @Test func `a web page is named, and the Retry-After of a full server is reported`() {
        #expect(problem(200) { $0.contentType = "text/html; charset=utf-8" }?.detail.contains("a web page") == true)
        #expect(problem(503) { $0.retryAfter = "5" }?.detail.contains("after \"5\" s") == true)
    }

    @Test func `after a refused token, the advice is not to set one`() {
        #expect(problem(401, hasToken: true)?.advice.contains("does not accept the token") == true)
    }

    @Test func `an upgrade is not a problem`() {
        #expect(problem(101) { $0.isWebSocket = true } == nil)
    }
}
