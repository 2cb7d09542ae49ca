import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate made in a test, with its key.
struct TestCertificate {
    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    /// - Parameters:
    ///   - hours: from now, when it begins and when it ends.
    ///   - issuer: nil signs it with its own key.
    static func make(
        _ subject: String = "localhost", names: [String] = ["localhost"], hours: ClosedRange<Double> = -24...8_760,
        issuer: TestCertificate? = nil
    ) throws -> TestCertificate {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName(subject) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: now.addingTimeInterval(hours.lowerBound * 3_600),
            notValidAfter: now.addingTimeInterval(hours.upperBound * 3_600),
            issuer: issuer?.certificate.subject ?? name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames(names.map { .dnsName($0) })
            }, issuerPrivateKey: Certificate.PrivateKey(issuer?.key ?? key))
        return TestCertificate(certificate: certificate, key: key)
    }

    static let now = Date.now

    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try certificate.serialize(into: &serializer)
            return serializer.serializedBytes
        }
    }

    /// Writes it as PEM, for whoever is to trust it.
    func write() throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString).pem")
        try Data(PEMDocument(type: "CERTIFICATE", derBytes: der).pemString.utf8).write(to: file)
        return file.path
    }

    /// A server's context; `chain` stands behind the leaf.
    func server(chain: [TestCertificate] = [], _ change: (inout TLSConfiguration) -> Void = { _ in }) throws
        -> NIOSSLContext
    {
        let certificates = try ([self] + chain).map { try NIOSSLCertificate(bytes: $0.der, format: .der) }
        let key = try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}
