import NIOCore
import SidetoneCallControl
import SidetoneWebSocket

/// The upgrade, and who gets one.
extension Doctor {
    /// A token that nobody gave anybody.
    private static let wrongToken = Secret("sidetone-doctor-wrong-token")

    func upgrade(
        _ url: WebSocketURL, _ address: SocketAddress, _ token: Secret?, _ walk: inout DoctorWalk
    ) async throws(DoctorWalk.Broken) {
        let probe = UpgradeProbe(address: address, url: url, trust: options.trust)
        let answer: UpgradeProbe.Answer
        do throws(ProbeFailure) {
            answer = try await probe.ask(token: token, on: group.next(), within: deadlines.upgrade)
        } catch {
            let (detail, advice) = UpgradeAdvice.problem(error)
            throw walk.broken(.upgrade, detail, advice)
        }
        if let problem = UpgradeAdvice.problem(answer, hasToken: token != nil) {
            throw walk.broken(.upgrade, problem.detail, problem.advice)
        }
        walk.pass(.upgrade, "answered 101")
        guard token != nil else {
            return walk.warn(
                .token, "none is asked for",
                "anybody who knows the address may stream to it: ask for a token, or keep a secret in the path")
        }
        var refusal: UpgradeProbe.Answer?
        do throws(ProbeFailure) {
            refusal = try await probe.ask(token: Self.wrongToken, on: group.next(), within: deadlines.upgrade)
        } catch {}
        switch refusal?.status {
        case 401, 403: walk.pass(.token, "taken; a wrong one is refused with \(refusal?.status ?? 0)")
        case 101:
            walk.warn(.token, "taken, and a wrong one as well", "let the receiver compare the token before it upgrades")
        case let status?:
            walk.warn(.token, "taken; a wrong one is answered \(status)", "refuse a wrong one with 401")
        case nil: walk.warn(.token, "taken; a wrong one gets no answer", "refuse a wrong one with 401")
        }
    }
}
