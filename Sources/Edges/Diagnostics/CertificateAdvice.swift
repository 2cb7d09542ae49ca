import Foundation
import SidetoneJSON

/// What a certificate's facts mean for a platform that opens a stream.
enum CertificateAdvice {
    /// Fewer days than these are worth a word.
    static let fewDays = 14

    /// What is wrong, and what to do; nil where the certificate itself is sound.
    ///
    /// - Parameters:
    ///   - chain: as presented, the leaf first.
    ///   - isTrusted: whether a chain to a trusted authority was found.
    static func problem(
        _ chain: [CertificateFacts], host: String, now: Date, isTrusted: Bool
    ) -> (detail: String, advice: String)? {
        guard let leaf = chain.first else {
            return ("none was presented", "give the receiver a certificate and its key")
        }
        if now < leaf.notBefore {
            return (
                "it is valid only from \(day(leaf.notBefore)) on",
                "compare the clocks of this machine and of the one that made it, or wait until then"
            )
        }
        if now > leaf.notAfter {
            return (
                "it expired on \(day(leaf.notAfter)), \(days(-leaf.daysLeft(now))) ago",
                "renew it, and see that the receiver loads the new one"
            )
        }
        if let other = chain.dropFirst().first(where: { now > $0.notAfter && $0.subject == leaf.issuer }) {
            return (
                "that of its authority, \(name(other.subject)), expired on \(day(other.notAfter))",
                "install the chain that the authority gives now"
            )
        }
        if !leaf.covers(host) {
            let names = leaf.names.isEmpty ? "no name" : list(leaf.names)
            return (
                "it stands for \(names), not for \(Quoted.name(host))",
                "use one of its names in the stream URL, or get a certificate for \(Quoted.name(host))"
            )
        }
        guard !isTrusted else { return nil }
        if leaf.isSelfSigned {
            return (
                "it is self-signed (\(name(leaf.subject))): no platform trusts it",
                "get one from a public authority; for development name it with --ca FILE, or use --insecure"
            )
        }
        if chain.count == 1 {
            return (
                "it comes from \(name(leaf.issuer)), and nothing between it and a trusted authority was presented",
                "put the intermediate certificates behind it in the PEM file; name a private authority with --ca FILE"
            )
        }
        return (
            "it comes from \(name(chain.last?.issuer ?? leaf.issuer)), which is not trusted here",
            "get one from a public authority, or name a private authority with --ca FILE"
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

    /// A peer's words: nothing in them moves a terminal's cursor.
    private static func name(_ text: String) -> String { String(Quoted.name(text).dropFirst().dropLast()) }
}
