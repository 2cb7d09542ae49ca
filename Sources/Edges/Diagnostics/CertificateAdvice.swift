import Foundation
import SidetoneJSON

/// Problems of a certificate for a platform that opens a stream, with advice.
enum CertificateAdvice {
    /// Warning threshold for the remaining validity, in days.
    static let fewDays = 14

    /// The problem and a remedy; nil if the certificate itself is valid.
    ///
    /// - Parameters:
    ///   - chain: as presented, the leaf first.
    ///   - isTrusted: whether a chain to a trusted authority was found.
    static func problem(
        _ chain: [CertificateFacts], host: String, now: Date, isTrusted: Bool
    ) -> (detail: String, advice: String)? {
        guard let leaf = chain.first else {
            return ("none was presented", "configure a certificate and its key in the receiver")
        }
        if now < leaf.notBefore {
            return (
                "not valid before \(day(leaf.notBefore))",
                "compare the clocks of this machine and of the issuing one, or wait until then"
            )
        }
        if now > leaf.notAfter {
            return (
                "expired on \(day(leaf.notAfter)), \(days(-leaf.daysLeft(now))) ago",
                "renew it, and make sure that the receiver loads the new one"
            )
        }
        if let other = chain.dropFirst().first(where: { now > $0.notAfter && $0.subject == leaf.issuer }) {
            return (
                "the certificate of its authority, \(name(other.subject)), expired on \(day(other.notAfter))",
                "install the authority's current chain"
            )
        }
        if !leaf.covers(host) {
            let names = leaf.names.isEmpty ? "no name" : list(leaf.names)
            return (
                "valid for \(names), not for \(Quoted.name(host))",
                "use one of its names in the stream URL, or get a certificate for \(Quoted.name(host))"
            )
        }
        guard !isTrusted else { return nil }
        if leaf.isSelfSigned {
            return (
                "self-signed (\(name(leaf.subject))): no platform trusts it",
                "use one from a public authority; for development, pass it with --ca FILE or use --insecure"
            )
        }
        if chain.count == 1 {
            return (
                "issued by \(name(leaf.issuer)), without the intermediate certificates up to a trusted authority",
                "append the intermediate certificates to the PEM file; pass a private authority with --ca FILE"
            )
        }
        return (
            "issued by \(name(chain.last?.issuer ?? leaf.issuer)), which is not trusted here",
            "use one from a public authority, or pass a private authority with --ca FILE"
        )
    }

    /// `CN=rx.example.org by CN=R3, until 2026-12-01, 40 days left`
    static func sentence(_ leaf: CertificateFacts, now: Date) -> String {
        "\(name(leaf.subject)), \(leaf.isSelfSigned ? "self-signed" : "by \(name(leaf.issuer))"), until "
            + "\(day(leaf.notAfter)), \(days(leaf.daysLeft(now))) left"
    }

    private static func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }

    static func day(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle().year().month().day())
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).map { Quoted.name($0) }.joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    /// Untrusted text, with control characters escaped.
    private static func name(_ text: String) -> String { String(Quoted.name(text).dropFirst().dropLast()) }
}
