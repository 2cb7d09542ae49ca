import Foundation
import NIOCore
import SidetoneCallControl
import SwiftASN1
import X509

/// The fields of a certificate that the diagnosis needs.
struct CertificateFacts: Sendable, Hashable {
    /// Such as `CN=localhost`.
    var subject: String
    var issuer: String
    /// The names and addresses for which it is valid.
    var names: [String]
    var notBefore: Date
    var notAfter: Date
    var isSelfSigned: Bool

    init(subject: String, issuer: String, names: [String], notBefore: Date, notAfter: Date, isSelfSigned: Bool) {
        self.subject = subject
        self.issuer = issuer
        self.names = names
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isSelfSigned = isSelfSigned
    }

    init(der: [UInt8]) throws {
        let certificate = try Certificate(derEncoded: der)
        subject = "\(certificate.subject)"
        issuer = "\(certificate.issuer)"
        names = try (certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()).compactMap {
            switch $0 {
            case .dnsName(let name): name
            case .ipAddress(let address): Self.text(of: address.bytes)
            default: nil
            }
        }
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        isSelfSigned = certificate.subject == certificate.issuer
    }

    /// Remaining whole days at `now`; negative after expiry.
    func daysLeft(_ now: Date) -> Int { Int((notAfter.timeIntervalSince(now) / 86_400).rounded(.down)) }

    /// RFC 6125 §6.4.3: a wildcard matches the whole leftmost label, and only one label.
    func covers(_ host: String) -> Bool {
        let host = host.lowercased()
        return names.contains { name in
            let name = name.lowercased()
            guard name.hasPrefix("*.") else { return name == host }
            let rest = host.drop { $0 != "." }
            return !rest.isEmpty && rest.count < host.count && rest == name.dropFirst()
        }
    }

    /// - Parameter address: 4 or 16 bytes; nil for any other number.
    private static func text(of address: ArraySlice<UInt8>) -> String? {
        let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: address), port: 0)
        return address?.ipAddress
    }
}
