import NIOCore
import NIOSSL
import SidetoneWebSocket

/// TLS and the certificate.
extension StreamDiagnosis {
    func shakeHands(
        _ url: WebSocketURL, address: SocketAddress, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let seen: TLSProbe.Seen
        do throws(ProbeFailure) {
            seen = try await TLSProbe.handshake(
                with: address, host: url.host, .looking, on: group.next(), within: deadlines.handshake)
        } catch {
            let (detail, advice) = Self.explainTLS(error, port: url.port)
            throw walk.broken(.tls, detail: detail, advice: advice)
        }
        if seen.version == .tlsv1 || seen.version == .tlsv11 {
            throw walk.broken(
                .tls, detail: "the receiver speaks \(Self.name(seen.version)) at most",
                advice: "let it speak TLS 1.2 and 1.3")
        }
        walk.pass(.tls, detail: Self.name(seen.version))
        try await trust(seen.chain, url: url, address: address, walk: &walk)
    }

    private func trust(
        _ chain: [[UInt8]], url: WebSocketURL, address: SocketAddress, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) {
        let facts: [CertificateFacts]
        do { facts = try chain.map { try CertificateFacts(der: $0) } } catch {
            throw walk.broken(
                .certificate, detail: "it cannot be read", advice: "get a certificate that follows RFC 5280")
        }
        let trust = options.trust == .anybody ? .system : options.trust
        var verdict: ProbeFailure?
        do throws(ProbeFailure) {
            _ = try await TLSProbe.handshake(
                with: address, host: url.host, .trusting(trust), on: group.next(), within: deadlines.handshake)
        } catch { verdict = error }
        switch verdict {
        case nil, .tls, .name: break
        case let failure?:
            let (detail, advice) = Self.explainTLS(failure, port: url.port)
            throw walk.broken(.certificate, detail: detail, advice: advice)
        }
        let now = now()
        if let problem = CertificateAdvice.problem(facts, host: url.host, now: now, isTrusted: verdict == nil) {
            guard options.trust == .anybody else {
                throw walk.broken(.certificate, detail: problem.detail, advice: problem.advice)
            }
            return walk.warn(.certificate, detail: problem.detail, advice: problem.advice)
        }
        guard let leaf = facts.first else { return }
        let sentence = CertificateAdvice.sentence(leaf, now: now)
        if leaf.isSelfSigned {
            walk.warn(
                .certificate, detail: sentence,
                advice: "trusted here alone: a platform takes those of public authorities only")
        } else if leaf.daysLeft(now) < CertificateAdvice.fewDays {
            walk.warn(.certificate, detail: sentence, advice: "renew it")
        } else {
            walk.pass(.certificate, detail: sentence)
        }
    }

    static func explainTLS(_ failure: ProbeFailure, port: Int) -> (detail: String, advice: String) {
        switch failure {
        case .tls("WRONG_VERSION_NUMBER"), .tls("HTTP_REQUEST"), .tls("HTTPS_PROXY_REQUEST"), .notHTTP:
            (
                "what answers on port \(port) speaks no TLS",
                "give the receiver its certificate (tls: in the pipeline file), or write the port of the proxy that has it"
            )
        case .tls("UNSUPPORTED_PROTOCOL"), .tls("TLSV1_ALERT_PROTOCOL_VERSION"):
            ("the receiver speaks no version of TLS from 1.0 to 1.3", "let it speak TLS 1.2 and 1.3")
        case .tls("TLSV1_UNRECOGNIZED_NAME"), .tls("TLSV1_ALERT_UNRECOGNIZED_NAME"):
            ("the receiver knows no such name", "let it serve the name in the stream URL (SNI)")
        case .tls(let reason):
            (
                "the handshake fails (\(reason))",
                "compare the cipher suites, and see that the receiver asks platforms for no certificate"
            )
        case .timedOut:
            ("no answer to the handshake", "what listens on port \(port) may speak no TLS: look what it is")
        case .closed:
            (
                "the connection was closed during the handshake",
                "what listens on port \(port) may speak no TLS, or has no certificate: look into its log"
            )
        default: ("the handshake broke", "look into the log of what listens on port \(port)")
        }
    }

    private static func name(_ version: TLSVersion?) -> String {
        switch version {
        case .tlsv1: "TLS 1.0"
        case .tlsv11: "TLS 1.1"
        case .tlsv12: "TLS 1.2"
        case .tlsv13: "TLS 1.3"
        case nil: "TLS"
        @unknown default: "TLS"
        }
    }
}
