import NIOCore
import SidetoneCallControl
import SidetoneSignatures
import SidetoneWebSocket

/// The upgrade, and who gets one.
extension StreamDiagnosis {
    /// A token that nobody gave anybody.
    private static let wrongToken = Secret("sidetone-doctor-wrong-token")

    /// A call token that the path ends with.
    private static func pathToken(_ url: WebSocketURL) -> Substring? {
        let last = url.target.prefix { $0 != "?" }.split(separator: "/").last
        return last.flatMap { CallToken.isToken(String($0)) ? $0 : nil }
    }

    func upgrade(
        _ url: WebSocketURL, address: SocketAddress, token: Secret?, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let probe = UpgradeProbe(address: address, url: url, trust: options.trust)
        let answer: UpgradeProbe.Answer
        do throws(ProbeFailure) {
            answer = try await probe.request(token: token, on: group.next(), within: deadlines.upgrade)
        } catch {
            let (detail, advice) = UpgradeAdvice.problem(error)
            throw walk.broken(.upgrade, detail: detail, advice: advice)
        }
        if let problem = UpgradeAdvice.problem(answer, hasToken: token != nil) {
            throw walk.broken(.upgrade, detail: problem.detail, advice: problem.advice)
        }
        walk.pass(.upgrade, detail: "answered 101")
        let pathToken = Self.pathToken(url)
        guard token != nil || pathToken != nil else {
            return walk.warn(
                .token, detail: "none is asked for",
                advice: "anybody who knows the address may stream to it: ask for a token, or keep a secret in the path")
        }
        var refusal: UpgradeProbe.Answer?
        do throws(ProbeFailure) {
            var wrongURL = url
            if let pathToken {
                wrongURL.target = url.target.replacing(pathToken, with: "st1.sidetone-doctor-wrong-token")
            }
            let probe = UpgradeProbe(address: address, url: wrongURL, trust: options.trust)
            refusal = try await probe.request(
                token: token == nil ? nil : Self.wrongToken, on: group.next(), within: deadlines.upgrade)
        } catch {}
        switch refusal?.status {
        case 401, 403: walk.pass(.token, detail: "taken; a wrong one is refused with \(refusal?.status ?? 0)")
        case 101:
            walk.warn(
                .token, detail: "taken, and a wrong one as well",
                advice: "let the receiver compare the token before it upgrades")
        case let status?:
            walk.warn(.token, detail: "taken; a wrong one is answered \(status)", advice: "refuse a wrong one with 401")
        case nil: walk.warn(.token, detail: "taken; a wrong one gets no answer", advice: "refuse a wrong one with 401")
        }
    }
}
