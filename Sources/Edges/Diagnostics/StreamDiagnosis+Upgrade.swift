import NIOCore
import SidetoneCallControl
import SidetoneSignatures
import SidetoneWebSocket

/// The upgrade and its authentication.
extension StreamDiagnosis {
    /// A token that is certainly wrong.
    private static let wrongToken = Secret("sidetone-doctor-wrong-token")

    /// The call token at the end of the path.
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
                .token, detail: "none is required",
                advice: "anyone who knows the address can stream to it: require a token, or use a secret path")
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
        case 401, 403: walk.pass(.token, detail: "accepted; a wrong one is refused with \(refusal?.status ?? 0)")
        case 101:
            walk.warn(
                .token, detail: "accepted, but so is a wrong one",
                advice: "verify the token before the upgrade")
        case let status?:
            walk.warn(
                .token, detail: "accepted; a wrong one is answered \(status)", advice: "refuse a wrong one with 401")
        case nil:
            walk.warn(.token, detail: "accepted; a wrong one gets no response", advice: "refuse a wrong one with 401")
        }
    }
}
