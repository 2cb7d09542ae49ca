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
                .tls, detail: "the receiver supports \(Self.name(seen.version)) at most",
                advice: "enable TLS 1.2 and 1.3")
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
                .certificate, detail: "it cannot be read", advice: "use a certificate that conforms to RFC 5280")
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
                advice: "trusted on this machine only: platforms accept public authorities only")
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
                "the server on port \(port) does not use TLS",
                "configure the receiver's certificate (tls: in the pipeline file), or use the port of the TLS proxy"
            )
        case .tls("UNSUPPORTED_PROTOCOL"), .tls("TLSV1_ALERT_PROTOCOL_VERSION"):
            ("the receiver supports no TLS version from 1.0 to 1.3", "enable TLS 1.2 and 1.3")
        case .tls("TLSV1_UNRECOGNIZED_NAME"), .tls("TLSV1_ALERT_UNRECOGNIZED_NAME"):
            ("the receiver does not serve this name", "configure the name of the stream URL (SNI) in the receiver")
        case .tls(let reason):
            (
                "the TLS handshake failed (\(reason))",
                "check the cipher suites, and that the receiver does not require client certificates"
            )
        case .timedOut:
            ("no response to the TLS handshake", "check which server listens on port \(port): it may not use TLS")
        case .closed:
            (
                "the connection was closed during the TLS handshake",
                "check the log of the server on port \(port): it may not use TLS, or has no certificate"
            )
        default: ("the TLS handshake failed", "check the log of the server on port \(port)")
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
